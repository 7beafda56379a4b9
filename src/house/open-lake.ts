/** The lake, opened when it is first used: most processes never use it. */
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import { schemeOf } from '#core/options/kinds.ts';
import type { Lake } from '#core/ports/lake.ts';
import type { Basics } from './engines.ts';

const bytesPerMb = 1_048_576;

export function openLake(config: Config, basics: Basics): Lake {
  let opening: Promise<Lake> | undefined;

  function lake(): Promise<Lake> {
    opening ??= openNow(config, basics).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    create: async (path, content) => (await lake()).create(path, content),
    read: async (path) => (await lake()).read(path),
    list: async (folder, page) => (await lake()).list(folder, page),
    remove: async (path) => (await lake()).remove(path),
    local: async (path) => (await lake()).local(path),
    ping: async () => (await lake()).ping(),
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

async function openNow(config: Config, { clock, random, holder }: Basics): Promise<Lake> {
  const { lakeUrl: url } = config;
  const { lakeCopiesDir: copiesFolder } = config;
  const maxCopiesBytes = config.lakeCopiesMb * bytesPerMb;
  switch (schemeOf(url)) {
    case 'folder': {
      const { openFolderLake } = await import('#engines/lake/folder.ts');
      // `folder:path`, and `folder:///absolute/path`.
      return openFolderLake({ folder: url.slice('folder:'.length).replace(/^\/\/(?=\/)/, ''), clock, holder });
    }
    case 'hdfs': {
      const { openHdfsLake } = await import('#engines/lake/hdfs.ts');
      return openHdfsLake({ url, copiesFolder, maxCopiesBytes, clock, random, holder });
    }
    case 's3': {
      const { openS3Lake } = await import('#engines/lake/s3.ts');
      const { lakeS3Endpoint: endpoint, lakeS3Region: region, lakeS3Token: sessionToken } = config;
      const accessKey = given('LAKE_S3_ACCESS_KEY', config.lakeS3AccessKey);
      const secretKey = given('LAKE_S3_SECRET_KEY', config.lakeS3SecretKey);
      return openS3Lake({ url, endpoint, region, accessKey, secretKey, sessionToken, copiesFolder, maxCopiesBytes, clock, random, holder });
    }
    default:
      throw new KontorError('invalid_option', `LAKE_URL: there is no engine for ${schemeOf(url)}: addresses`, {
        details: [{ field: 'LAKE_URL', message: 'unsupported' }],
      });
  }
}

function given(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  const message = `${name} is not set, but a lake in S3 needs it`;
  throw new KontorError('invalid_option', message, { details: [{ field: name, message }] });
}
