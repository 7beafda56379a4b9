/** What will happen when a plug is pulled, in a sentence each. Pure. */
import type { Plug } from '#core/plugs.ts';

export function pullSentence({ kind, target }: Plug): string {
  switch (kind) {
    case 'stop-role':
      return `The role ${target} is cut off from the State and the stream, dropped without order, and started again a second later. All other roles go on.`;
    case 'cut-role':
      return `The role ${target} gets no answer from the State and the stream for 8 seconds; what it sent last may be stored without its knowing. All other roles go on.`;
    case 'fill-disk':
      return `The State refuses everything that the role ${target} writes for 8 seconds, as on a full disk; it can still read. All other roles go on.`;
    case 'set-clock':
      return `The clock of the role ${target} is set 40 seconds ahead, and 8 seconds later back again; what waits goes on waiting as long as before. All other roles go on.`;
    case 'kill-process':
      return `The process ${target} is ended at once by SIGKILL, without a chance to store or release anything. Others take over its leases, and the cluster starts it again.`;
    case 'stop-process':
      return `The process ${target} is frozen for 10 seconds by SIGSTOP, as a machine that hangs. Others take over its leases; when it goes on, it must not do anything twice.`;
    case 'cut-process':
      return `The process ${target} gets no answer from the State and the stream for 8 seconds; what it sent last may be stored without its knowing. Others take over its leases.`;
    case 'fill-process-disk':
      return `The State refuses everything that the process ${target} writes for 8 seconds, as on a full disk; it can still read. Others take over its leases.`;
    case 'set-process-clock':
      return `The clock of the process ${target} is set 40 seconds ahead, and 8 seconds later back again; what waits goes on waiting as long as before. All other processes go on.`;
    case 'kill-engine':
      return `All processes of the engine ${target} are ended at once by SIGKILL. What needs it waits or answers that it is not available, until the cluster has started it again on its data.`;
  }
}
