let tell: () => void = () => undefined;

/** Ends when the first map has drawn, or is known not to: what no first picture needs is loaded after it. */
export const firstPicture = new Promise<void>((resolve) => (tell = resolve));

/** A map says that it has drawn before the browser has put it on the screen. */
const PAINT_MS = 250;

/** Says that the first picture stands, or that nobody waits for one. */
export const tellFirstPicture = (): void => void setTimeout(tell, PAINT_MS);
