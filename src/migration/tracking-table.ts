/** A table in which a migration tool records applied migrations. */
export interface TrackingTable {
  /** Null: wherever the search path finds it. */
  readonly schema: string | null
  readonly name: string
  /** For people: `Prisma`. */
  readonly tool: string
}
