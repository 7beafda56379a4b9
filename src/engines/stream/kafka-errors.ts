/** Maps Kafka's errors to Kontor's error codes. */
import { ResponseError } from '@platformatic/kafka';
import { type ErrorCode, KontorError } from '#core/errors.ts';

/** By Kafka's name of the error; any other error may be retried. */
const meanings: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  SASL_AUTHENTICATION_FAILED: { code: 'invalid_option', message: 'Kafka refuses the name or password' },
  UNSUPPORTED_SASL_MECHANISM: { code: 'invalid_option', message: 'Kafka does not offer this mechanism of logging in' },
  TOPIC_AUTHORIZATION_FAILED: { code: 'invalid_option', message: 'Kafka denies access to a topic of this house' },
  GROUP_AUTHORIZATION_FAILED: { code: 'invalid_option', message: 'Kafka denies access to a consumer group of this house' },
  CLUSTER_AUTHORIZATION_FAILED: { code: 'invalid_option', message: 'Kafka denies this house what it needs to do to the cluster' },
  UNSUPPORTED_VERSION: { code: 'invalid_option', message: 'this Kafka is too old: it takes 3.3 or later' },
  INVALID_REPLICATION_FACTOR: { code: 'unavailable', message: 'Kafka has fewer brokers than a topic has copies' },
  MESSAGE_TOO_LARGE: { code: 'too_large', message: 'Kafka refuses a frame of this size' },
  KAFKA_STORAGE_ERROR: { code: 'unavailable', message: 'a broker of Kafka cannot use its disk' },
};

/** Kafka's name of the first error in an answer, such as NOT_LEADER_OR_FOLLOWER; empty when there was no answer. */
export function answeredError(error: unknown): string {
  if (!(error instanceof ResponseError)) return '';
  const [first] = error.errors as readonly { readonly apiId?: string }[];
  return first?.apiId ?? '';
}

export function kafkaError(error: unknown): KontorError {
  if (error instanceof KontorError) return error;
  const name = nameWithin(error);
  const meaning = meanings[name];
  if (meaning) return new KontorError(meaning.code, `${meaning.message} (${name})`, { cause: error });
  return new KontorError('unavailable', name === '' ? `Kafka cannot be reached: ${reasonOf(error)}` : `Kafka answered ${name}`, {
    cause: error,
  });
}

/** Whether sending the same again cannot help. */
export function isRefusal(name: string): boolean {
  return meanings[name]?.code === 'invalid_option' || name === 'MESSAGE_TOO_LARGE';
}

function nameWithin(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    const name = answeredError(one);
    if (name !== '') return name;
  }
  return '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} ${cause.message}` : error.message;
}
