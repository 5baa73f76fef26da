"""A WinRM service on loopback whose cryptography is GSSAPI's, none of it ours.

gss_peer.py PORT NODE REPLAY SETTINGS [CERT KEY [BOUND]]. Accounts of NTLM (gss-ntlmssp) come from
NTLM_USER_FILE; with KRB5_KTNAME only Kerberos (MIT) is taken. Every command is the replay of a
node. With a certificate the channel binding (of BOUND, if given) is checked, and messages are plain.
PEER says what it does otherwise than a node: "silent" and "wrong" for its proof of Kerberos, and
"forgets" the login after each message.
"""
import base64
import hashlib
import os
import re
import ssl
import struct
import subprocess
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import gssapi
from gssapi import raw

PORT, REPLAY, TLS = int(sys.argv[1]), sys.argv[2:5], sys.argv[5:8]
NTLM = gssapi.OID.from_int_seq('1.3.6.1.4.1.311.2.2.10')
KERBEROS = gssapi.OID.from_int_seq('1.2.840.113554.1.2.2')
MECHANISM = KERBEROS if 'KRB5_KTNAME' in os.environ else NTLM
ODD = os.environ.get('PEER', '')
SHELL = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell'
MARK = b'--Encrypted Boundary'
BINDING = None
if TLS:
    der = ssl.PEM_cert_to_DER_cert(open(TLS[-1] if len(TLS) > 2 else TLS[0]).read())
    BINDING = raw.ChannelBindings(
        application_data=b'tls-server-end-point:' + hashlib.sha256(der).digest())
commands = {}


class Command:
    def __init__(self, line):
        self.stdin, self.line, self.out = b'', line, None

    def receive(self):
        if self.out is None:
            done = subprocess.run(REPLAY, input=self.stdin, capture_output=True,
                                  env={**os.environ, 'SSH_ORIGINAL_COMMAND': self.line})
            self.out, self.code = done.stdout, done.returncode
        piece, self.out = self.out[:96000], self.out[96000:]
        return piece, not self.out


def text(root, name):
    return next((e.text or '' for e in root.iter() if e.tag.endswith('}' + name)), '')


def find(root, name):
    return next(e for e in root.iter() if e.tag.endswith('}' + name))


def soap(xml):
    root = ElementTree.fromstring(xml)
    kind = text(root, 'Action').rsplit('/', 1)[1]
    body = ''
    if kind == 'Create':
        body = '<r:Shell><r:ShellId>%s</r:ShellId></r:Shell>' % uuid.uuid4()
    elif kind == 'Command':
        words = [e.text or '' for e in root.iter() if e.tag.endswith(('}Command', '}Arguments'))]
        name = str(uuid.uuid4())
        commands[name] = Command(' '.join(words))
        body = '<r:CommandResponse><r:CommandId>%s</r:CommandId></r:CommandResponse>' % name
    elif kind == 'Send':
        stream = find(root, 'Stream')
        commands[stream.get('CommandId')].stdin += base64.b64decode(stream.text or '')
        body = '<r:SendResponse/>'
    elif kind == 'Receive':
        command = commands[find(root, 'DesiredStream').get('CommandId')]
        piece, done = command.receive()
        body = '<r:Stream Name="stdout">%s</r:Stream>' % base64.b64encode(piece).decode()
        if done:
            body += ('<r:CommandState State="%s/CommandState/Done"><r:ExitCode>%d</r:ExitCode>'
                     '</r:CommandState>' % (SHELL, command.code))
        body = '<r:ReceiveResponse>%s</r:ReceiveResponse>' % body
    print(kind, flush=True)
    return ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:r="%s">'
            '<s:Header/><s:Body>%s</s:Body></s:Envelope>' % (SHELL, body)).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    context = None

    def log_message(self, *_):
        pass

    def reply(self, status, body=b'', kind='application/soap+xml;charset=UTF-8', challenge=None):
        self.send_response(status)
        if challenge:
            self.send_header('WWW-Authenticate', challenge)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        proof = None
        token = self.headers.get('Authorization', '').partition(' ')[2]
        if token:
            if self.context is None:
                own = gssapi.Credentials(usage='accept', mechs=[MECHANISM])
                self.context = gssapi.SecurityContext(
                    usage='accept', channel_bindings=BINDING, creds=own)
            answer = None
            try:
                answer = self.context.step(base64.b64decode(token))
                # A failure that has a token for the other side shows here.
                done = self.context.complete
            except gssapi.exceptions.GSSError as error:
                print('refused', str(error).replace('\n', ' '), flush=True)
                self.context = None
                return self.reply(401, challenge='Negotiate' + (
                    ' ' + base64.b64encode(answer).decode() if answer else ''))
            if done:
                print('signed in', self.context.initiator_name, flush=True)
                proof = answer and bytes(answer)
            else:
                offer = 'Negotiate ' + base64.b64encode(answer).decode()
                return self.reply(401, challenge=offer)
        if self.context is None or not self.context.complete:
            return self.reply(401, challenge='Negotiate')
        if proof and ODD == 'wrong':
            proof = proof[:-4] + bytes(4)
        if not proof or ODD == 'silent':
            proof = None
        else:
            proof = 'Negotiate ' + base64.b64encode(proof).decode()
        if ODD == 'forgets':
            self.context = None
        if not body:
            return self.reply(200, challenge=proof)
        if TLS:
            return self.reply(200, soap(body), challenge=proof)
        start = body.index(b'octet-stream\r\n') + 14
        blob = body[start + 4:body.rindex(MARK + b'--')]
        plain = self.context.unwrap(blob)
        told = int(re.search(rb'Length=(\d+)', body).group(1))
        assert plain.encrypted and told == len(plain.message)
        answer = soap(plain.message)
        sealed = self.context.wrap(answer, True).message
        kind = ('multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";'
                'boundary="Encrypted Boundary"')
        self.reply(200, b''.join([
            MARK, b'\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n',
            b'\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n' % len(answer),
            MARK, b'\r\n\tContent-Type: application/octet-stream\r\n',
            struct.pack('<I', 16), sealed, MARK, b'--\r\n']), kind)


server = ThreadingHTTPServer(('127.0.0.1', PORT), Handler)
if TLS:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*TLS[:2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print('listening', server.server_address[1], flush=True)
server.serve_forever()
