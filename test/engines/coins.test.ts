/** The ledger's contract on a real PostgreSQL server. */
import { describe } from 'node:test';
import { ledgerContract } from '#modules/coins/testing/contract/ledger.ts';
import { ledgerCrowdsContract } from '#modules/coins/testing/contract/ledger-crowds.ts';
import { ledgerLawsContract } from '#modules/coins/testing/contract/ledger-laws.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);
  const contract = { open: database.state };

  ledgerContract('postgres', contract);
  ledgerCrowdsContract('postgres', contract);
  ledgerLawsContract('postgres', contract);
});
