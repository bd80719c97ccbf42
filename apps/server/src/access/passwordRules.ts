/** Shorter ones are guessed. */
export const PASSWORD_MIN = 12;
/** Longer ones are refused before they are hashed. */
export const PASSWORD_MAX = 256;

/** What people use most among passwords that are long enough; compared without case and digits at the end. */
const COMMON: ReadonlySet<string> = new Set([
  'password',
  'passwordpassword',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'qwerty',
  'qwertyuiop',
  'qwertyuiopasdf',
  'qwertyqwerty',
  'asdfghjkl',
  'asdfghjklqwe',
  'zxcvbnm',
  'iloveyou',
  'iloveyouforever',
  'letmein',
  'letmeinplease',
  'welcome',
  'welcometo',
  'administrator',
  'administrators',
  'admin',
  'changeme',
  'changemenow',
  'changemeplease',
  'baton',
  'batonbaton',
  'sunshine',
  'football',
  'footballfootball',
  'baseball',
  'princess',
  'superman',
  'correcthorsebatterystaple',
  'trustno',
  'monkeymonkey',
  'dragondragon',
  'secretsecret',
  'supersecret',
  'mypassword',
  'mypasswordis',
  'newpassword',
  'temppassword',
  'temporarypassword',
  'testtesttest',
  'testpassword',
  'companyname',
]);

/**
 * Why a password is not taken, in a sentence; null for one that is. Length counts, not kinds of letters: what is refused
 * besides is what is guessed first, which is common words with digits, one thing repeated, sequences and one's own name.
 */
export const whyNotPassword = (password: string, own: readonly string[]): string | null => {
  if (password.length < PASSWORD_MIN) return `Take at least ${PASSWORD_MIN} characters; a few words do well.`;
  if (password.length > PASSWORD_MAX) return `Take at most ${PASSWORD_MAX} characters.`;
  const plain = password.toLowerCase();
  const bare = plain.replace(/[\d\s!?.*#_-]+$/g, '');
  if (COMMON.has(bare) || COMMON.has(plain) || bare === '')
    return 'This is one of the passwords that are guessed first.';
  if (new Set(plain).size < 5) return 'This repeats too few characters.';
  if (isSequence(plain)) return 'This is a sequence; it is guessed first.';
  const mine = own.flatMap((text) => text.toLowerCase().split(/[@\s.]+/)).filter((part) => part.length >= 4);
  if (mine.some((part) => bare === part || bare === part + part)) return 'This is your own name or address.';
  return null;
};

/** True where each character is the one after, or the one before, the last one. */
const isSequence = (text: string): boolean => {
  const steps = new Set<number>();
  for (let at = 1; at < text.length; at += 1) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    steps.add(step === -9 || step === 9 ? -Math.sign(step) : step);
  }
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
};
