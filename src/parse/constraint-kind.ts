/** The kind of a constraint, as a call of a tool may state it: `dropForeign`, `type_='unique'`. */
export type ConstraintKind = 'foreign key' | 'unique' | 'check' | 'primary key' | 'exclusion'
