"""Signs in as a customer by Authlib (PyPI), with its default settings: code flow, ID token, userinfo, refresh, revocation.

  python3 authlib_client.py http://localhost:8080 ana@feira.example PASSWORD
"""
import os, re, sys
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

os.environ['AUTHLIB_INSECURE_TRANSPORT'] = '1'  # the shop on this machine has no TLS
shop, email, password = sys.argv[1:]
REDIRECT = 'http://127.0.0.1:18998/callback'  # any port of this machine; nothing listens there

browser = requests.Session()


def follow(response):
    """Follows redirects up to the client's address."""
    while response.is_redirect:
        address = requests.compat.urljoin(response.url, response.headers['Location'])
        if address.startswith(REDIRECT):
            return address, None
        response = browser.get(address, allow_redirects=False)
    return None, response


def sign_in(address):
    """Opens the URL, signs in where the sign-in page is shown, and returns the URL of the client that it ends at."""
    ended, page = follow(browser.get(address, allow_redirects=False))
    if not ended:
        csrf = re.search(r'name="_csrf"[^>]*value="([^"]+)"', page.text).group(1)
        form = {'email': email, 'password': password, '_csrf': csrf}
        ended, page = follow(browser.post(shop + '/id/login', data=form, allow_redirects=False))
    assert ended, page.status_code
    return ended


metadata = requests.get(shop + '/id/.well-known/openid-configuration').json()
keys = KeySet.import_key_set(requests.get(metadata['jwks_uri']).json())
client = OAuth2Session('feira-cli', scope='openid profile email', redirect_uri=REDIRECT, code_challenge_method='S256',
                       token_endpoint_auth_method='none')

for more in ({}, {'prompt': 'login'}):
    verifier, nonce = generate_token(48), generate_token()
    address, state = client.create_authorization_url(metadata['authorization_endpoint'], code_verifier=verifier,
                                                     nonce=nonce, **more)
    token = client.fetch_token(metadata['token_endpoint'], authorization_response=sign_in(address), state=state,
                               code_verifier=verifier)
    claims = jwt.decode(token['id_token'], keys, algorithms=['ES256']).claims
    jwt.JWTClaimsRegistry(
        iss={'essential': True, 'value': metadata['issuer']},
        aud={'essential': True, 'value': 'feira-cli'},
        nonce={'essential': True, 'value': nonce}).validate(claims)
person = client.get(metadata['userinfo_endpoint']).json()
assert person['sub'] == claims['sub'] and person['email'] == email, person
refreshed = client.refresh_token(metadata['token_endpoint'], refresh_token=token['refresh_token'])
assert refreshed['access_token'] != token['access_token']
client.revoke_token(metadata['revocation_endpoint'], token=refreshed['refresh_token'], token_type_hint='refresh_token')
assert requests.post(metadata['token_endpoint'], data={
    'grant_type': 'refresh_token', 'client_id': 'feira-cli', 'refresh_token': refreshed['refresh_token']}).status_code == 400
print('Authlib: code flow, prompt=login, ID token, userinfo, refresh, revocation')
