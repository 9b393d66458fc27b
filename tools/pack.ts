/**
 * Makes publishable tarballs in ./dist: types stripped to .js and .d.ts, files that are no code copied, the console's pages inside the server's.
 * `--try` installs them in an empty folder outside the workspace and runs what they bring.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

const packages = ['ngsi-ld', 'streets', 'routing', 'economy', 'server']
const out = join(process.cwd(), 'dist')

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const tarballs = packages.map(packOne)
for (const tarball of tarballs) console.log(tarball)
if (process.argv.includes('--try')) await tryOut(tarballs)

function packOne(name: string): string {
  const source = join('packages', name)
  const stage = join(out, 'stage', name)
  mkdirSync(stage, { recursive: true })
  compile(source, join(stage, 'dist'))
  for (const file of globSync('src/**/*.{yaml,json,c}', { cwd: source })) copy(join(source, file), join(stage, 'dist', file.slice('src/'.length)))
  for (const file of ['LICENSE', 'NOTICE']) cpSync(file, join(stage, file))
  cpSync(join(source, 'README.md'), join(stage, 'README.md'), { force: true })
  if (name === 'server') cpSync('packages/console/dist', join(stage, 'console'), { recursive: true })
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifestOf(source), null, 2)}\n`)
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', out], { cwd: stage, encoding: 'utf8' })) as [
    { filename: string },
  ]
  return join(out, basename(packed.filename))
}

/** The manifest as it is published: what ran from source runs from dist. */
function manifestOf(source: string): object {
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, unknown>
  const compiled = JSON.parse(JSON.stringify(manifest).replaceAll('./src/', './dist/').replaceAll('.ts"', '.js"')) as Record<string, unknown>
  return { ...compiled, files: ['dist', 'console', 'LICENSE', 'NOTICE', 'README.md'] }
}

/** Declarations come from the compiler; code is the source without its types, as Node itself runs it, so that lines stay where they are. */
function compile(source: string, target: string): void {
  const config = join(out, `tsconfig-${basename(source)}.json`)
  const left = ['test', 'contract', 'arbitrary', 'fixture']
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.base.json',
      compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join('..', source, 'src'), outDir: target },
      include: [join('..', source, 'src/**/*.ts')],
      exclude: left.map((kind) => join('..', source, `src/**/*.${kind}.ts`)),
    }),
  )
  execFileSync('tsc', ['-p', config], { stdio: 'inherit' })
  for (const file of globSync('**/*.d.ts', { cwd: target })) {
    const path = join(target, file)
    writeFileSync(path, withJsNames(readFileSync(path, 'utf8')))
  }
  for (const file of globSync('**/*.ts', { cwd: join(source, 'src') })) {
    if (left.some((kind) => file.endsWith(`.${kind}.ts`))) continue
    const path = join(target, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, withJsNames(stripTypeScriptTypes(readFileSync(join(source, 'src', file), 'utf8'))))
  }
}

/** Imports, and the addresses of worker files, name `.js` where the source names `.ts`. */
function withJsNames(text: string): string {
  return text.replaceAll(/(from |import |import\(|new URL\()(['"])([.#][^'"]*)\.ts\2/g, '$1$2$3.js$2')
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}

/** Installs the tarballs where nothing of the workspace is, and uses them: each package is imported, the server answers and hands out the console. */
async function tryOut(files: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cityloop-pack-'))
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'try', private: true, type: 'module' }))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', ...files], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    for (const name of packages.slice(0, -1)) {
      const names = execFileSync(process.execPath, ['-e', `import('@cityloop/${name}').then((module) => console.log(Object.keys(module).length))`], {
        cwd: folder,
        encoding: 'utf8',
      })
      console.log(`@cityloop/${name} exports ${names.trim()} names`)
    }
    const port = '21026'
    const server = spawn(process.execPath, [join(folder, 'node_modules/@cityloop/server/dist/cli/main.js'), 'serve'], {
      cwd: folder,
      env: { ...process.env, CITYLOOP_PORT: port, CITYLOOP_MQTT_PORT: '0', CITYLOOP_DATA: join(folder, 'data') },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    try {
      const health = await reach(`http://127.0.0.1:${port}/health`)
      const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
      if (!page.includes('<div id="root">')) throw new Error('The installed server does not hand out the console')
      console.log(`the installed server answers: ${health}`)
    } finally {
      server.kill()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function reach(url: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const reply = await fetch(url).catch(() => undefined)
    if (reply?.ok === true) return reply.text()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`Nothing answers at ${url}`)
}
