/** The design's tokens as mail clients can read them: hexadecimal, light and dark, measured for contrast as in the app. */
export const MAIL_TOKENS = {
  light: {
    bg: '#fbfaf7',
    surface: '#ffffff',
    line: '#dbd9d3',
    text: '#1c1f27',
    text2: '#4e535b',
    text3: '#696d76',
    accent: '#2f5bc2',
    onAccent: '#ffffff',
    warn: '#955905',
    breach: '#c22826',
  },
  dark: {
    bg: '#101318',
    surface: '#191c22',
    line: '#30333a',
    text: '#edebe7',
    text2: '#b6b4af',
    text3: '#91949a',
    accent: '#82a9fa',
    onAccent: '#101318',
    warn: '#f3bd5c',
    breach: '#fb8276',
  },
} as const;
