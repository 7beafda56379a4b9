/** Chooses how orders are paid beside coins. */
import type { EnginePorts, OwnEngines, Settings } from '#core/module.ts';
import { isOn } from '#core/options/in-demo.ts';
import type { shopOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';

export async function openShopEngines(settings: Settings<typeof shopOptions>, { random }: EnginePorts): Promise<OwnEngines<OwnPorts>> {
  return { ports: { payments: await openPayments(settings, random.id()) }, migrations: [], close: async () => {} };
}

/** Without a secret in the options only this process can speak for the provider. */
async function openPayments(settings: Settings<typeof shopOptions>, ownSecret: string): Promise<OwnPorts['payments']> {
  if (!isOn(settings.shopTestPayments, settings)) return undefined;
  const { openTestPayments } = await import('./payment/test.ts');
  return openTestPayments({ secret: settings.shopPaymentSecret ?? ownSecret });
}
