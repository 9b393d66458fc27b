import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExamples } from './curl-examples.ts'

const page = `
Text about curl and its options, which is no command.

    curl localhost:9090/ngsi-ld/v1/<resource> -s -S -X PUT -d @- <<EOF
    [payload]
    EOF

\`\`\`
curl -iX POST \\
  'http://localhost:9090/ngsi-ld/v1/entities/' \\
  -H 'Content-Type: application/ld+json' \\
  -H 'Link: <http://example.org/c>; rel="x"' \\
  -d '{
    "id": "urn:x:1"
}'
\`\`\`

\tcurl localhost:9090/ngsi-ld/v1/subscriptions -s -S -H "Content-Type: application/json" -d @- <<EOF
\t{"type": "Subscription"}
\tEOF

    curl -G -X GET \\
      'http://localhost:9090/ngsi-ld/v1/entities' \\
      -d 'type=T' -d 'options=keyValues'

    curl -O https://example.org/compose.yml
    curl 'http://localhost:9090/never-closed
`

test('the commands of a page become requests: quotes, lines that go on, here-documents and data as a query', () => {
  const read = parseExamples(page).requests.map(({ name, method, url, headers, body }) => [name, method, url, headers, body])
  assert.deepEqual(read, [
    [
      'line 9',
      'POST',
      'http://localhost:9090/ngsi-ld/v1/entities/',
      [
        ['Content-Type', 'application/ld+json'],
        ['Link', '<http://example.org/c>; rel="x"'],
      ],
      '{\n    "id": "urn:x:1"\n}',
    ],
    ['line 18', 'POST', 'localhost:9090/ngsi-ld/v1/subscriptions', [['Content-Type', 'application/json']], '\t{"type": "Subscription"}'],
    ['line 22', 'GET', 'http://localhost:9090/ngsi-ld/v1/entities?type=T&options=keyValues', [], undefined],
  ])
})
