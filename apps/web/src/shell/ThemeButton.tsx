import { Monitor, Moon, Sun } from 'lucide-react';
import { setTheme, THEMES, type Theme, useTheme } from '../theme/theme.ts';

const LOOK: Record<Theme, { readonly Icon: typeof Sun; readonly say: string }> = {
  system: { Icon: Monitor, say: 'as the system' },
  light: { Icon: Sun, say: 'light' },
  dark: { Icon: Moon, say: 'dark' },
};

/** Light, dark, or as the system: one button that goes round. */
export const ThemeButton = () => {
  const theme = useTheme();
  const { Icon, say } = LOOK[theme];
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const label = `Theme: ${say}. Change to ${LOOK[next].say}`;
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={() => setTheme(next)}>
      <Icon className="size-4" strokeWidth={1.5} aria-hidden="true" />
    </button>
  );
};
