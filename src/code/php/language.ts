import type { Span } from '../../parse/span.ts'
import type { Language } from '../evaluator/machine.ts'
import { methodIn } from '../evaluator/methods.ts'
import { answerOf, functionOf, host, silent } from '../host.ts'
import { textAt } from '../text.ts'
import { known, truth, unknown, unknownName, type Value } from '../value.ts'
import { filesOfPhp } from './files.ts'
import { isAboutItsArgument } from './function.ts'
import { methods } from './method.ts'
import { syntaxOfPhp } from './syntax.ts'

/** PHP 7.4 and later. */
export const php: Language = {
  syntaxOf: syntaxOfPhp,
  truth: isTrue,
  written: value => (value === true ? '1' : value === false || value === null ? '' : String(value)),
  impliesSelf: false,
  constructorOf: () => '__construct',
  globals: new Map<string, Value>([
    ['isset', functionOf('isset', ({ args, at }) => allThere(args, at))],
    ['is_null', functionOf('is_null', ({ args, at }) => negated(allThere(args.slice(0, 1), at), at))],
    [
      'empty',
      functionOf('empty', ({ args: [value], at }) => {
        const is = value ? isTrue(value) : null
        return is === null ? unknown('it is not known', at) : known(!is, at)
      }),
    ],
    ['PHP_EOL', textAt('\n', [0, 0])],
    ['parent', host('parent', { __construct: silent('parent::__construct') })],
    ['function_exists', answerOf('function_exists', 'it depends on what else is loaded')],
    ['class_exists', answerOf('class_exists', 'it depends on what else is loaded')],
    ['method_exists', answerOf('method_exists', 'it depends on what else is loaded')],
    ...(
      'date time microtime mktime strtotime uniqid random_int rand mt_rand random_bytes bin2hex md5 sha1 hash crc32 base64_encode ' +
      'base64_decode json_decode serialize unserialize file_exists is_file is_dir basename ' +
      'is_numeric is_int is_bool is_object floor ceil round max min abs range php_sapi_name phpversion version_compare getenv ' +
      'ini_get memory_get_usage get_class gettype var_export print_r number_format parse_url http_build_query filter_var is_callable ' +
      'array_rand iterator_to_array password_hash'
    )
      .split(' ')
      .map((name): [string, Value] => [name, answerOf(name, `\`${name}\` is not evaluated`)]),
    ...'var_dump error_log set_time_limit ini_set sleep usleep gc_collect_cycles define ob_start fwrite trigger_error error_reporting flush'
      .split(' ')
      .map((name): [string, Value] => [name, silent(name)]),
  ]),
  files: filesOfPhp,
  unresolved: (name, at) => {
    if (name.startsWith('$')) return unknown('it gets no value in this file', at, false, name)
    if (/^(?:__\w+__|[A-Z][A-Z\d_]+)$/.test(name)) return unknownName(name, at)
    if (/(?:Exception|Error)$/.test(name)) return silent(name)
    return unknown('it comes from another file', at, true, name)
  },
  imported: (module, _, at) => {
    const name = module.split('\\').at(-1) ?? module
    return /(?:Exception|Error|Throwable)$/.test(name)
      ? silent(name)
      : unknown('it comes from another file', at, true, name)
  },
  methodOf: (of, name) => {
    const found = methodIn(methods, of, name)
    if (found) return found
    // Unknown values go by their full names: `Status.cases`.
    const last = name.slice(name.lastIndexOf('.') + 1)
    const isCases = of.kind === 'unknown' && last === 'cases'
    if (!isCases && !isAboutItsArgument(last)) return undefined
    return (_, { at }) => unknown(of.kind === 'unknown' ? of.why : `\`${last}\` of it is not evaluated`, at)
  },
}

/** Whether a value counts as true: `''`, `'0'` and empty arrays do not (PHP manual, Booleans). */
function isTrue(value: Value): boolean | null {
  if (value.kind === 'text' && value.pieces.length === 1 && value.pieces[0]?.text === '0') return false
  if (value.kind === 'list') return value.isOpen ? null : value.items.length > 0
  if (value.kind === 'record' && !value.base) return value.isOpen ? null : value.entries.size > 0
  return truth(value)
}

/** Whether none of the values is null. */
function allThere(values: readonly Value[], at: Span): Value {
  for (const value of values) {
    if (value.kind === 'unknown') return unknown(value.why, at)
    if (value.kind === 'plain' && (value.value ?? null) === null) return known(false, at)
  }
  return known(true, at)
}

function negated(value: Value, at: Span): Value {
  return value.kind === 'plain' ? known(!value.value, at) : value
}
