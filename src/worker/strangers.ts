/**
 * Calls back with the address of every request of this thread that went to another origin, those before the
 * call included (PV-01). The page's policy refuses them too; this is the count of what the browser saw.
 */
export function watchStrangers(onStranger: (address: string) => void): void {
  const isStranger = (address: string): boolean =>
    /^(https?|wss?):/.test(address) && new URL(address).origin !== location.origin;
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (isStranger(name)) onStranger(name);
  }).observe({ type: "resource", buffered: true });
  addEventListener("securitypolicyviolation", (event) => {
    const { blockedURI } = event as Event & { blockedURI: string };
    if (isStranger(blockedURI)) onStranger(blockedURI);
  });
}
