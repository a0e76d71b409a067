package dev.weft.net.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM files (RFC 7468). Failures name the file and what to do. */
final class Pem {
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\\s\\S]*?-----END (?:X509 |TRUSTED"
              + " )?CERTIFICATE-----");

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([\\s\\S]*?)-----END \\1-----");

  /** A PKCS#8 key says of which kind it is, and the JDK wants to be told. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

  /** What PKCS#8 puts before a PKCS#1 key: version 0, and RSA's name. */
  private static final byte[] RSA_HEAD = {
    2,
    1,
    0,
    0x30,
    0x0d,
    6,
    9,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    1,
    1,
    1,
    5,
    0
  };

  private Pem() {}

  static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher found = CERTIFICATE.matcher(text(file));
    while (found.find()) {
      byte[] block = found.group().getBytes(StandardCharsets.US_ASCII);
      try {
        Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(block));
        certificates.add((X509Certificate) certificate);
      } catch (CertificateException broken) {
        throw new CertificateException(
            file
                + ": Certificate "
                + (certificates.size() + 1)
                + " cannot be read: "
                + broken.getMessage(),
            broken);
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException(
          file + ": There is no certificate in it (-----BEGIN CERTIFICATE-----)");
    }
    return certificates;
  }

  static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher found = KEY.matcher(text(file));
    if (!found.find()) {
      throw new InvalidKeySpecException(
          file + ": There is no private key in it (-----BEGIN PRIVATE KEY-----)");
    }
    String kind = found.group(1);
    String body = found.group(2);
    if (kind.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
      throw new InvalidKeySpecException(
          file + ": The key is encrypted; use a PKCS#12 key store, or decrypt it by openssl pkcs8");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException noBase64) {
      throw new InvalidKeySpecException(file + ": The key is not in Base64", noBase64);
    }
    if (kind.equals("RSA PRIVATE KEY")) {
      der = sequence(RSA_HEAD, octets(der));
    } else if (!kind.equals("PRIVATE KEY")) {
      throw new InvalidKeySpecException(
          file + ": " + kind + " is no PKCS#8 key; openssl pkcs8 -topk8 -nocrypt makes it one");
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException ofAnotherKind) {
        // the next one, then
      }
    }
    throw new InvalidKeySpecException(file + ": The key is of no kind known here: " + ALGORITHMS);
  }

  private static String text(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException missing) {
      throw new NoSuchFileException(file.toString(), null, "There is no such file");
    }
  }

  private static byte[] octets(byte[] content) {
    return tagged(4, content);
  }

  private static byte[] sequence(byte[] head, byte[] tail) {
    byte[] content = new byte[head.length + tail.length];
    System.arraycopy(head, 0, content, 0, head.length);
    System.arraycopy(tail, 0, content, head.length, tail.length);
    return tagged(0x30, content);
  }

  /** DER: of less than 64 KiB, as keys are. */
  private static byte[] tagged(int tag, byte[] content) {
    byte[] der = new byte[content.length + 4];
    der[0] = (byte) tag;
    der[1] = (byte) 0x82;
    der[2] = (byte) (content.length >> 8);
    der[3] = (byte) content.length;
    System.arraycopy(content, 0, der, 4, content.length);
    return der;
  }
}
