/** Starts a process of an engine as the engines' user. */
import { type ProcessPlan, type ProcessRecord, startProcess } from '#cluster/processes.ts';
import { asEngineUser } from './place.ts';

export async function startEngineProcess(plan: ProcessPlan): Promise<ProcessRecord> {
  return startProcess({ ...plan, ...asEngineUser(plan.command, plan.args) });
}
