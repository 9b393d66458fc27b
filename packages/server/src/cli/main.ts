#!/usr/bin/env node
import type { Io } from './io.ts'

type Command = { readonly about: string; readonly run: (args: string[], io: Io) => Promise<number> }

const commands: Readonly<Record<string, Command>> = {
  serve: { about: 'run the city in the data directory', run: async (args, io) => (await import('./serve.ts')).serveCommand(args, io) },
  demo: { about: 'run a made-up city', run: async (args, io) => (await import('./demo.ts')).demoCommand(args, io) },
  import: { about: 'read files of data into the city', run: async (args, io) => (await import('./import.ts')).importCommand(args, io) },
  replay: { about: 'play history as if it were live', run: async (args, io) => (await import('./replay.ts')).replayCommand(args, io) },
  export: {
    about: 'write entities and their evolution as NGSI-LD lines',
    run: async (args, io) => (await import('./export.ts')).exportCommand(args, io),
  },
  backup: { about: 'copy the city into one file, while it runs', run: async (args, io) => (await import('./backup.ts')).backupCommand(args, io) },
  restore: { about: 'make a data directory from a backup', run: async (args, io) => (await import('./backup.ts')).restoreCommand(args, io) },
  routes: { about: 'solve and check vehicle routing problems', run: async (args, io) => (await import('./routes.ts')).routesCommand(args, io) },
  economy: { about: 'run the model of the two circles', run: async (args, io) => (await import('./economy.ts')).economyCommand(args, io) },
}

const io: Io = { stdout: (text) => void process.stdout.write(text), stderr: (text) => void process.stderr.write(text), env: process.env }

const [name = '', ...args] = process.argv.slice(2)
process.exitCode = await runCommand(name, args)
// Handles that a command left open must not keep the process alive.
process.stdout.write('', () => process.exit())

async function runCommand(name: string, args: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    const isHelp = name === '' || name === '--help' || name === 'help'
    const lines = Object.entries(commands).map(([word, { about }]) => `  ${word.padEnd(9)} ${about}`)
    const usage = `Usage: cityloop COMMAND [--help]\n\n${lines.join('\n')}\n`
    if (!isHelp) io.stderr(`There is no command ${name}.\n\n${usage}`)
    else io.stdout(usage)
    return isHelp ? 0 : 2
  }
  try {
    return await command.run(args, io)
  } catch (error) {
    io.stderr(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
