"""Runs one command through pywinrm: pywinrm_client.py URL ARGUMENT... with USER and PASSWORD as lines
on standard input. Prints the exit code and what the command wrote."""
import sys

from winrm.protocol import Protocol

user, password = sys.stdin.read().splitlines()
url = sys.argv[1]
client = Protocol(endpoint=url, transport='ntlm', username=user, password=password,
                  message_encryption='always' if url.startswith('http:') else 'auto',
                  server_cert_validation='validate')
shell = client.open_shell()
command = client.run_command(shell, sys.argv[2], sys.argv[3:])
out, err, code = client.get_command_output(shell, command)
client.cleanup_command(shell, command)
client.close_shell(shell)
print(code)
sys.stdout.write(out.decode('utf-8'))
