/** Whether the house is a demonstration: one that only its own machine reaches, unless DEMO says otherwise. See also inDemo of http. */
import type { Config } from './options.ts';

const loopback = /^(localhost|::1|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/** In a demonstration, visitors may do what costs nobody anything, and the letters that the house would send are shown on its page. */
export function isDemo({ demo, host, publicUrl, allowedHosts, trustedProxies }: Config): boolean {
  if (demo !== 'auto') return demo === 'on';
  // Whoever names hosts or proxies is about to let others in.
  return loopback.test(host) && publicUrl === undefined && allowedHosts === undefined && trustedProxies === undefined;
}
