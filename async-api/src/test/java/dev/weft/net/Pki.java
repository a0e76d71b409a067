package dev.weft.net;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority, and what it certifies: made once for all tests, in a folder of its own. */
final class Pki {
  private static final char[] PASSWORD = "for this test".toCharArray();

  /** A certificate with its key, in files. */
  static final class Certified {
    final X509Bundle bundle;
    final Path chain;
    final Path key;

    Certified(X509Bundle bundle, Path folder, String name) throws IOException {
      this.bundle = bundle;
      chain = folder.resolve(name + ".pem");
      key = folder.resolve(name + ".key");
      Files.writeString(chain, bundle.getCertificatePathPEM());
      Files.writeString(key, bundle.getPrivateKeyPEM());
    }

    String serial() {
      return bundle.getCertificate().getSerialNumber().toString();
    }
  }

  private static final Pki ONE = make();

  final Path folder;
  final Path ca;
  final Path otherCa;
  final Certified localhost;
  final Certified rsa;
  final Certified shop;
  final Certified wild;
  final Certified expired;
  final Certified client;
  final Certified stranger;
  private final X509Bundle authority;

  private Pki() throws Exception {
    folder = Files.createTempDirectory("weft-pki");
    folder.toFile().deleteOnExit();
    authority = authority("CN=Test authority");
    X509Bundle other = authority("CN=Other authority");
    ca = file("ca.pem", authority);
    otherCa = file("other-ca.pem", other);
    localhost = new Certified(local().buildIssuedBy(authority), folder, "localhost");
    rsa = new Certified(local().rsa2048().buildIssuedBy(authority), folder, "rsa");
    shop = new Certified(named("shop.example").buildIssuedBy(authority), folder, "shop");
    wild = new Certified(wildcard("*.wild.example").buildIssuedBy(authority), folder, "wild");
    expired =
        new Certified(
            local()
                .notBefore(Instant.now().minus(Duration.ofDays(9)))
                .notAfter(Instant.now().minus(Duration.ofDays(2)))
                .buildIssuedBy(authority),
            folder,
            "expired");
    client = new Certified(builder("CN=client").buildIssuedBy(authority), folder, "client");
    stranger = new Certified(builder("CN=stranger").buildIssuedBy(other), folder, "stranger");
  }

  private static Pki make() {
    try {
      return new Pki();
    } catch (Exception e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Pki get() {
    return ONE;
  }

  /** Another one for localhost. */
  static Certified another(String name) throws Exception {
    return new Certified(local().buildIssuedBy(ONE.authority), ONE.folder, name);
  }

  private Path file(String name, X509Bundle bundle) throws IOException {
    return Files.writeString(folder.resolve(name), bundle.getCertificatePEM());
  }

  private static CertificateBuilder builder(String subject) {
    return new CertificateBuilder()
        .ecp256()
        .subject(subject)
        .notBefore(Instant.now().minus(Duration.ofDays(1)))
        .notAfter(Instant.now().plus(Duration.ofDays(1)));
  }

  private static X509Bundle authority(String subject) throws Exception {
    return builder(subject).setIsCertificateAuthority(true).buildSelfSigned();
  }

  private static CertificateBuilder named(String name) {
    return builder("CN=" + name).addSanDnsName(name);
  }

  /** Netty's builder takes no asterisk: the extension by hand, of a dNSName (tag 2). */
  private static CertificateBuilder wildcard(String name) {
    byte[] text = name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] der = new byte[text.length + 4];
    der[0] = 0x30;
    der[1] = (byte) (text.length + 2);
    der[2] = (byte) 0x82;
    der[3] = (byte) text.length;
    System.arraycopy(text, 0, der, 4, text.length);
    return builder("CN=wild").addExtensionOctetString("2.5.29.17", false, der);
  }

  private static CertificateBuilder local() {
    return named("localhost").addSanIpAddress("127.0.0.1");
  }

  // ---- for the JDK's peers

  /** Trusts the authority, and shows a certificate if there is one. */
  static SSLContext context(Certified own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", ONE.authority.getCertificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = null;
    if (own != null) {
      keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own.bundle.toKeyStore("PKCS12", PASSWORD), PASSWORD);
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  static KeyStore store(Certified own) throws Exception {
    return own.bundle.toKeyStore("PKCS12", PASSWORD);
  }

  static char[] password() {
    return PASSWORD.clone();
  }
}
