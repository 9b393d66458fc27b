// Runs on any Node, so that an old one gets one clear sentence instead of a syntax error.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(`Cityloop needs Node 24 or newer, not ${process.versions.node}: run it through npm (npm start, npm test), which brings its own.`)
  process.exit(1)
}
