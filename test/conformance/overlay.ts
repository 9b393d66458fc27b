import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * Copies a checkout of the suite to a scratch folder and lays our own MQTT resource over it: a Mosquitto process in place of a container, with the same two
 * keywords. It runs as who runs the tests, listens on both ports that the tests name and knows the users that they name.
 */
export function copySuite(suite: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'cityloop-conformance-'))
  const copy = join(scratch, 'suite')
  cpSync(suite, copy, { recursive: true, filter: (source) => !/\/(?:\.git|node_modules)(?:\/|$)/.test(source) })
  writeFileSync(join(copy, 'resources', 'mqttUtils', 'MqttUtils.resource'), mqttResource(join(scratch, 'mosquitto')))
  return copy
}

function mqttResource(folder: string): string {
  return `*** Settings ***
Documentation       A Mosquitto process for the MQTT tests
Library             Process
Library             OperatingSystem
Library             MQTTLibrary


*** Keywords ***
Start Mqtt Server
    [Arguments]    \${conf_file_name}    \${port}
    Create Directory    ${folder}
    \${access}=    Evaluate    'allow_anonymous false\\\\npassword_file ${folder}/users' if 'with_user' in $conf_file_name else 'allow_anonymous true'
    Create File    ${folder}/mosquitto.conf
    ...    user ${userInfo().username}\\n\${access}\\nlistener 1883 127.0.0.1\\nlistener 8085 127.0.0.1\\n
    Create File    ${folder}/users
    Run Process    mosquitto_passwd    -b    ${folder}/users    user_with_password    password
    Start Process    mosquitto    -c    ${folder}/mosquitto.conf    alias=mosquitto
    Wait Until Keyword Succeeds    5s    100ms    Port Is Open    \${port}

Stop Mqtt Server
    Terminate Process    mosquitto

Port Is Open
    [Arguments]    \${port}
    Evaluate    socket.create_connection(('127.0.0.1', int($port)), 1).close()    modules=socket
`
}
