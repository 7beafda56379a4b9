/** Whether there is a process with this number on this machine. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user. Only ESRCH proves that it has ended.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
