import type { SecretBox } from '../access/secretBox.ts';
import { openSecretBox } from '../access/secretKey.ts';
import { readConfig } from '../config.ts';

/** The box under the key that the environment names, as the server of the same environment has it. */
export const secretBox = (): SecretBox => {
  const config = readConfig();
  return openSecretBox({ key: config.BATON_SECRET_KEY, dataDir: config.BATON_DATA });
};
