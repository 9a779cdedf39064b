#!/bin/sh
# Makes what updates are signed with, once, on a machine that is not a gate: make-signer.sh DIR
#   ca.pem       goes into every image: UPDATE_CA=DIR/ca.pem build-image.sh ...
#   ca.key       signs other signers, once these are lost or out of date; keep it elsewhere, and offline
#   signer.pem   and signer.key: npm run package:update -- --cert DIR/signer.pem --key DIR/signer.key
# SIGNER_NAME is what the certificates are called, SIGNER_DAYS for how long the signer is in force (10 years).
set -eu
dir=$1
name=${SIGNER_NAME:-fevergate updates}
umask 077
mkdir -p "$dir"
for file in ca.key ca.pem signer.key signer.pem; do
  [ ! -e "$dir/$file" ] || { echo "$dir/$file is there already" >&2; exit 1; }
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 7300 -keyout "$dir/ca.key" -out "$dir/ca.pem" \
  -subj "/CN=$name CA" -addext 'basicConstraints=critical,CA:true,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$dir/signer.key" -out "$dir/signer.csr" \
  -subj "/CN=$name" 2>/dev/null
printf '%s\n' 'basicConstraints=critical,CA:false' 'keyUsage=critical,digitalSignature' 'extendedKeyUsage=critical,codeSigning' \
  'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' >"$dir/signer.ext"
openssl x509 -req -in "$dir/signer.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -sha256 \
  -days "${SIGNER_DAYS:-3650}" -extfile "$dir/signer.ext" -out "$dir/signer.pem" 2>/dev/null
rm -f "$dir/signer.csr" "$dir/signer.ext" "$dir/ca.srl"
chmod 644 "$dir/ca.pem" "$dir/signer.pem"
echo "$dir: ca.pem for the images, signer.pem and signer.key for the updates, ca.key to be kept elsewhere"
