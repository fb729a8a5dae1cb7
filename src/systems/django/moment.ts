import { isMade, isNamed, type Kept, lastOf } from './kept.ts'

/** Moments and durations of Python as texts, as `str` gives them. */

/** str(datetime.timedelta(days=1, hours=2)) */
export function durationOf(value: Kept): string | null {
  if (!isMade(value) || lastOf(value.path) !== 'timedelta') return null
  const order = ['days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks'] as const
  const factors = {
    days: 86_400,
    seconds: 1,
    microseconds: 1e-6,
    milliseconds: 1e-3,
    minutes: 60,
    hours: 3600,
    weeks: 604_800,
  }
  let seconds = 0
  for (const [i, name] of order.entries()) {
    const said = value.args[i] ?? value.named.get(name) ?? 0
    if (typeof said !== 'number') return null
    seconds += said * factors[name]
  }
  if (!Number.isInteger(seconds)) return null
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const two = (number: number) => String(number).padStart(2, '0')
  const time = `${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
  return days === 0 ? time : `${days} day${Math.abs(days) === 1 ? '' : 's'} ${time}`
}

const dates = ['year', 'month', 'day'] as const
const times = ['hour', 'minute', 'second', 'microsecond'] as const

/** `datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)` for a field of this kind; null: it is not known. */
export function momentOf(value: Kept, kind: 'DateTimeField' | 'DateField' | 'TimeField'): string | null {
  if (!isMade(value)) return null
  const [path, names]: [string, readonly string[]] =
    kind === 'DateTimeField'
      ? ['datetime.datetime', [...dates, ...times]]
      : kind === 'DateField'
        ? ['datetime.date', dates]
        : ['datetime.time', times]
  if (value.path !== path || value.args.length > names.length) return null
  const zone = value.named.get('tzinfo')
  // A moment without a time zone is one of the settings' zone.
  if (kind === 'DateTimeField' ? !isUtc(zone) : zone !== undefined) return null
  const said = new Map<string, number>()
  for (const [i, each] of value.args.entries()) if (typeof each === 'number') said.set(names[i] ?? '', each)
  for (const name of names) {
    const own = value.named.get(name)
    if (typeof own === 'number') said.set(name, own)
  }
  const given = value.args.length + [...value.named.keys()].filter(name => name !== 'tzinfo').length
  if (given !== said.size || [...said.values()].some(each => !Number.isInteger(each) || each < 0)) return null
  const two = (name: string) => String(said.get(name) ?? 0).padStart(2, '0')
  const day = `${String(said.get('year') ?? 0).padStart(4, '0')}-${two('month')}-${two('day')}`
  const parts = said.get('microsecond') ?? 0
  const time = `${two('hour')}:${two('minute')}:${two('second')}${parts === 0 ? '' : `.${String(parts).padStart(6, '0')}`}`
  return kind === 'DateField' ? day : kind === 'TimeField' ? time : `${day} ${time}+00:00`
}

function isUtc(zone: Kept | undefined): boolean {
  return (
    isNamed(zone) &&
    /^(?:datetime\.timezone\.utc|datetime\.UTC|django\.utils\.timezone\.utc|pytz\.(?:utc|UTC))$/.test(zone.path)
  )
}
