/** The gravest first. */
export const severities = ['error', 'warning', 'note'] as const

export type Severity = (typeof severities)[number]
