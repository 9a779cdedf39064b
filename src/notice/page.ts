/** Languages that documents are made in. */
export type Language = 'ko' | 'en';

/** A piece of a document. Texts are plain; what an operator wrote is in quotation marks (see `quoted`). */
export type Block =
  | Readonly<{ kind: 'heading'; level: 2 | 3; text: string }>
  | Readonly<{ kind: 'paragraph'; text: string }>
  /** What has to be seen: a warning or something missing. */
  | Readonly<{ kind: 'note'; text: string }>
  | Readonly<{ kind: 'list'; items: readonly string[] }>
  | Readonly<{ kind: 'table'; columns: readonly string[]; rows: readonly (readonly string[])[] }>;

/** A document as data; written as HTML, Markdown or PDF elsewhere. */
export type Page = Readonly<{
  language: Language;
  title: string;
  /** When it was made, ISO 8601 with offset. */
  madeAt: string;
  /** Under every printed page. */
  footer: string;
  blocks: readonly Block[];
}>;
