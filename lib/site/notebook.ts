/** A notebook as a file holds it, as far as a page shows it. */

/** Text in one piece or by lines. */
type Text = string | readonly string[];

/** One output of a code cell. */
export type Output =
  | { readonly output_type: "stream"; readonly name: string; readonly text: Text }
  | { readonly output_type: "error"; readonly evalue: string }
  | {
    readonly output_type: "display_data" | "execute_result";
    readonly data: Readonly<Record<string, unknown>>;
  };

/** A cell of prose or code. */
export interface Cell {
  readonly cell_type: string;
  readonly source: Text;
  readonly outputs?: readonly Output[];
}

/** A committed notebook. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** Text in one piece. */
export function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}
