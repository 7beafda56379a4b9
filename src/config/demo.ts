/** Whether the house is a demonstration: one that only its own machine reaches, unless DEMO says otherwise. See also inDemo of http. */
import type { Config } from './options.ts';

const loopback = /^(localhost|::1|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/** In a demonstration, visitors may use free features, and letters are shown on a page instead of being sent. */
export function isDemo({ demo, host, publicUrl, allowedHosts, trustedProxies }: Config): boolean {
  if (demo !== 'auto') return demo === 'on';
  // Naming hosts or proxies means that others will reach the house.
  return loopback.test(host) && publicUrl === undefined && allowedHosts === undefined && trustedProxies === undefined;
}
