/** The contract of the timetable of flights, and of search, on a real PostgreSQL server. */
import { describe } from 'node:test';
import { timetableContract } from '#modules/flights/testing/contract/timetable.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  timetableContract('postgres', { open: databaseOn(server).state });
});
