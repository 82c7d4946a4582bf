let tell: () => void = () => undefined;

/** Ends when the first map has drawn, or is known not to: what no first picture needs is loaded after it. */
export const firstPicture = new Promise<void>((resolve) => (tell = resolve));

/** Says that the first picture stands, or that nobody waits for one. */
export const tellFirstPicture = (): void => tell();
