/** Words to learn pieces from, each with its count. */
export interface WordCounts {
  words: readonly string[];
  counts: ArrayLike<number>;
}

export interface WordpieceTrainerOptions {
  /** Largest number of pieces, special tokens not counted. */
  maxPieces: number;
  /** Pairs that are rarer do not become pieces; default 2. */
  minCount?: number;
}

/** Words taken in between two looks at the clock: a few milliseconds. */
const WORDS_A_TURN = 2048;

/** Keys of pairs of piece ids fit a double exactly below 2^26 pieces. */
const PAIR_BASE = 2 ** 26;

interface Pair {
  left: number;
  right: number;
  count: number;
  /** Words that hold, or once held, the pair; a word may stand here twice. */
  words: number[];
}

interface Candidate {
  pair: Pair;
  count: number;
  text: string;
}

/** More frequent first; of equals the one whose text comes first, so that a re-run gives equal bytes. */
function comesBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.text < b.text;
}

/** A binary heap whose top is the best candidate; stale entries are dealt with by the caller. */
class Heap {
  readonly #items: Candidate[] = [];

  push(item: Candidate): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!comesBefore(item, items[up]!)) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): Candidate | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && comesBefore(items[down + 1]!, items[down]!)) down++;
      if (!comesBefore(items[down]!, last)) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = last;
    return top;
  }
}

/** The pieces, the words cut into them, and the pairs that stand side by side. */
class Trainer {
  readonly pieces: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #words: number[][] = [];
  readonly #counts: ArrayLike<number>;
  readonly #pairs = new Map<number, Pair>();
  readonly #heap = new Heap();

  constructor({ words, counts }: WordCounts) {
    const characters = new Set<string>();
    for (const word of words) {
      for (let i = 0; i < word.length; i++) characters.add(i === 0 ? word[0]! : `##${word[i]}`);
    }
    for (const piece of [...characters].sort()) this.#addPiece(piece);
    this.#counts = counts;
  }

  /** Takes the next word in, one after the other in the order of the counts. */
  addWord(word: string): void {
    const w = this.#words.length;
    const pieces = Array.from(word, (c, i) => this.#ids.get(i === 0 ? c : `##${c}`)!);
    this.#words.push(pieces);
    this.#countPairs(pieces, w, 1);
    for (let i = 1; i < pieces.length; i++) this.#pairOf(pieces[i - 1]!, pieces[i]!).words.push(w);
  }

  /** All words are in: the pairs stand for choice. */
  offerPairs(): void {
    for (const pair of this.#pairs.values()) this.#offer(pair);
  }

  /** Joins the most frequent pair everywhere; false when none is frequent enough. */
  mergeBest(minCount: number): boolean {
    const pair = this.#takeBest();
    if (!pair || pair.count < minCount) return false;
    const joined = this.#addPiece(this.#join(pair));
    const touched = new Set<Pair>();
    for (const w of pair.words) {
      const word = this.#words[w]!;
      const merged = mergeWord(word, pair, joined);
      if (merged.length === word.length) continue;
      this.#countPairs(word, w, -1, touched);
      this.#words[w] = merged;
      this.#countPairs(merged, w, 1, touched);
      this.#enlist(merged, w, joined);
    }
    pair.words = []; // it stands nowhere any more
    for (const changed of touched) this.#offer(changed);
    return true;
  }

  #addPiece(piece: string): number {
    const known = this.#ids.get(piece);
    if (known !== undefined) return known;
    this.#ids.set(piece, this.pieces.length);
    return this.pieces.push(piece) - 1;
  }

  #join({ left, right }: Pair): string {
    return this.pieces[left]! + this.pieces[right]!.slice(2);
  }

  #countPairs(word: number[], w: number, sign: 1 | -1, touched?: Set<Pair>): void {
    for (let i = 1; i < word.length; i++) {
      const pair = this.#pairOf(word[i - 1]!, word[i]!);
      pair.count += sign * this.#counts[w]!;
      touched?.add(pair);
    }
  }

  /** Notes a word at those of its pairs that hold a piece it did not have before. */
  #enlist(word: number[], w: number, piece: number): void {
    for (let i = 1; i < word.length; i++) {
      const isNew = word[i - 1] === piece || word[i] === piece;
      if (isNew) this.#pairOf(word[i - 1]!, word[i]!).words.push(w);
    }
  }

  #pairOf(left: number, right: number): Pair {
    const key = left * PAIR_BASE + right;
    let pair = this.#pairs.get(key);
    if (!pair) this.#pairs.set(key, (pair = { left, right, count: 0, words: [] }));
    return pair;
  }

  #offer(pair: Pair): void {
    if (pair.count > 0) this.#heap.push({ pair, count: pair.count, text: this.#join(pair) });
  }

  /** The best candidate whose count is still true. */
  #takeBest(): Pair | undefined {
    for (let top = this.#heap.pop(); top; top = this.#heap.pop()) {
      if (top.count === top.pair.count) return top.pair;
    }
    return undefined;
  }
}

function mergeWord(word: number[], { left, right }: Pair, joined: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < word.length; i++) {
    const isPair = word[i] === left && word[i + 1] === right;
    merged.push(isPair ? joined : word[i]!);
    if (isPair) i++;
  }
  return merged;
}

/**
 * Learns word pieces the way Hugging Face's trainer does: characters first, then the most frequent
 * neighbouring pair again and again. Pieces inside a word begin with "##". The order of the result is the
 * order of learning. Yields the number of pieces now and then; leaving the loop stops it.
 */
export function* learnPieces(
  corpus: WordCounts,
  { maxPieces, minCount = 2 }: WordpieceTrainerOptions,
): Generator<number, string[]> {
  const trainer = new Trainer(corpus);
  for (const [w, word] of corpus.words.entries()) {
    trainer.addWord(word);
    if (w % WORDS_A_TURN === 0) yield trainer.pieces.length;
  }
  trainer.offerPairs();
  while (trainer.pieces.length < maxPieces && trainer.mergeBest(minCount)) {
    if (trainer.pieces.length % 16 === 0) yield trainer.pieces.length;
  }
  return trainer.pieces;
}
