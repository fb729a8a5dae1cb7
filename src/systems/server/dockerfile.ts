import { imageVersion } from './image.ts'
import type { Named } from './named.ts'
import { textsOf } from './scope.ts'

/** No file that a person wrote has more, and all of them are looked at for each image. */
const mostVariables = 200

/** The images of `FROM`, with the defaults of `ARG` before it (docs.docker.com/reference/dockerfile). */
export function versionsInDockerfile(text: string): Named[] {
  const variables = new Map<string, string>()
  return text.split('\n').flatMap((line, i) => {
    const [, name = '', value = ''] = /^\s*ARG\s+(\w+)=["']?([^\s"']+)/i.exec(line) ?? []
    if (name !== '' && variables.size < mostVariables) variables.set(name, value)
    const [, image] = /^\s*FROM\s+(?:--\S+\s+)?(\S+)/i.exec(line) ?? []
    if (image === undefined) return []
    return textsOf(image, [{ variables: Object.fromEntries(variables) }]).flatMap(each => {
      const version = imageVersion(each)
      return version === null ? [] : [{ version, line: () => i + 1 }]
    })
  })
}
