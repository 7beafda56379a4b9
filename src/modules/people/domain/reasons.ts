/** Why people are refused, by stable names with what each tells; the pages say it in their reader's language. */
import type { Nothing } from '#core/errors.ts';

export type PeopleReasons = {
  'wait-seconds': { seconds: number };
  'wrong-login': Nothing;
  'account-locked': Nothing;
  'wrong-password': Nothing;
  'wrong-code': Nothing;
  'password-short': { least: number };
  'password-long': { most: number };
  'password-own-name': Nothing;
  'password-few-letters': { least: number };
  'password-common': Nothing;
  'second-factor-is-on': Nothing;
  'second-factor-is-off': Nothing;
  'letter-worthless': Nothing;
  'letters-by-mail': Nothing;
  'bad-email': Nothing;
  'bad-name': Nothing;
  'not-yourself': Nothing;
  'no-account': Nothing;
  'no-session': Nothing;
  'no-access-token': Nothing;
  'admin-scope': Nothing;
  'access-tokens-full': { most: number };
};
