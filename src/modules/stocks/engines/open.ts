/** Chooses the engines of the market's own ports by their addresses. An engine's code is loaded only when it is chosen. */
import { KontorError } from '#core/errors.ts';
import type { EnginePorts, OwnEngines } from '#core/module.ts';
import { schemeOf } from '#core/options/kinds.ts';
import type { Values } from '#core/options/option.ts';
import type { stocksOptions } from '../options.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { OwnPorts } from '../ports/ports.ts';
import type { Results } from '../ports/results.ts';

type Addresses = Pick<Values<typeof stocksOptions>, 'resultsUrl' | 'mongodbDatabase' | 'mongodbCollection' | 'rabbitmqUrl'>;

export async function openStocksEngines(addresses: Addresses, ports: EnginePorts): Promise<OwnEngines<OwnPorts>> {
  const { results, migrations } = await openResults(addresses, ports);
  let inbox: Inbox | undefined;
  try {
    inbox = await openInbox(addresses, ports);
  } catch (error) {
    await results.close().catch(() => {});
    throw error;
  }
  return {
    ports: { results, inbox },
    migrations,
    async close() {
      await inbox?.close();
      await results.close();
    },
  };
}

async function openResults(
  { resultsUrl, mongodbDatabase, mongodbCollection }: Addresses,
  { state, clock, log }: EnginePorts,
): Promise<Pick<OwnEngines<object>, 'migrations'> & { readonly results: Results }> {
  switch (schemeOf(resultsUrl)) {
    case 'state': {
      const [{ openStateResults }, { resultsMigrations }] = await Promise.all([
        import('./results/state.ts'),
        import('./results/tables.ts'),
      ]);
      return { results: openStateResults({ state }), migrations: resultsMigrations };
    }
    case 'mongodb':
    case 'mongodb+srv': {
      const { openMongodbResults } = await import('./results/mongodb.ts');
      const results = await openMongodbResults({ url: resultsUrl, database: mongodbDatabase, collection: mongodbCollection, clock, log });
      return { results, migrations: [] };
    }
    default:
      throw new KontorError('invalid_option', `RESULTS_URL: there is no engine for ${schemeOf(resultsUrl)}: addresses`, {
        details: [{ field: 'RESULTS_URL', message: 'unsupported' }],
      });
  }
}

async function openInbox({ rabbitmqUrl }: Addresses, { clock, random, log }: EnginePorts): Promise<Inbox | undefined> {
  if (rabbitmqUrl === undefined) return undefined;
  const { openRabbitmqInbox } = await import('./inbox/rabbitmq.ts');
  return openRabbitmqInbox({ url: rabbitmqUrl, clock, random, log });
}
