import type { Tree } from 'web-tree-sitter'

/**
 * Functions of tree-sitter's module. They find their cursor in a buffer of the module, where the library writes it before each call and
 * from where it reads it afterwards. During a walk nothing else uses the buffer, so the cursor stays there: the copy of a tree takes half
 * the time. Source: `lib/binding_web/lib/tree-sitter.c` of web-tree-sitter 0.27.2.
 */
export const cursorFunctions = [
  'ts_tree_root_node_wasm',
  'ts_tree_cursor_new_wasm',
  'ts_tree_cursor_delete_wasm',
  'ts_tree_cursor_goto_first_child_wasm',
  'ts_tree_cursor_goto_next_sibling_wasm',
  'ts_tree_cursor_goto_parent_wasm',
  'ts_tree_cursor_current_node_type_id_wasm',
  'ts_tree_cursor_current_node_is_named_wasm',
  'ts_tree_cursor_current_node_is_missing_wasm',
  'ts_tree_cursor_current_field_id_wasm',
  'ts_tree_cursor_start_index_wasm',
  'ts_tree_cursor_end_index_wasm',
] as const

/** Each takes the address of the tree. */
export type CursorFunctions = Readonly<Record<(typeof cursorFunctions)[number], (tree: number) => number>>

/** A walk through a tree from its root. From its beginning to its end, nobody may ask the library for anything. */
export class Cursor {
  readonly #call: CursorFunctions
  readonly #tree: number

  constructor(tree: Tree, functions: CursorFunctions) {
    this.#call = functions
    // Its address, which the library keeps under this key.
    this.#tree = (tree as unknown as readonly [number])[0]
    functions.ts_tree_root_node_wasm(this.#tree)
    functions.ts_tree_cursor_new_wasm(this.#tree)
  }

  end(): void {
    this.#call.ts_tree_cursor_delete_wasm(this.#tree)
  }

  /** The number of its kind, for `types` of the language. */
  get typeId(): number {
    return this.#call.ts_tree_cursor_current_node_type_id_wasm(this.#tree)
  }

  /** The number of its part in its parent, for `fields` of the language. */
  get fieldId(): number {
    return this.#call.ts_tree_cursor_current_field_id_wasm(this.#tree)
  }

  get isNamed(): boolean {
    return this.#call.ts_tree_cursor_current_node_is_named_wasm(this.#tree) === 1
  }

  get isMissing(): boolean {
    return this.#call.ts_tree_cursor_current_node_is_missing_wasm(this.#tree) === 1
  }

  /** UTF-16 offset, as the next one. */
  get startIndex(): number {
    return this.#call.ts_tree_cursor_start_index_wasm(this.#tree)
  }

  get endIndex(): number {
    return this.#call.ts_tree_cursor_end_index_wasm(this.#tree)
  }

  /** False: there is none, and the cursor stays where it is. */
  toFirstChild(): boolean {
    return this.#call.ts_tree_cursor_goto_first_child_wasm(this.#tree) === 1
  }

  toNextSibling(): boolean {
    return this.#call.ts_tree_cursor_goto_next_sibling_wasm(this.#tree) === 1
  }

  toParent(): boolean {
    return this.#call.ts_tree_cursor_goto_parent_wasm(this.#tree) === 1
  }
}
