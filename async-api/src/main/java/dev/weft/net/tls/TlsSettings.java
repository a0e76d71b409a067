package dev.weft.net.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a builder was told; files are read when a context is made of it, so that is made anew. */
public final class TlsSettings {
  /** Where an identity comes from. */
  @FunctionalInterface
  interface Source {
    List<Identity> read() throws IOException, GeneralSecurityException;
  }

  /** Where certificates come from that are trusted. */
  @FunctionalInterface
  interface TrustSource {
    List<X509Certificate> read() throws IOException, GeneralSecurityException;
  }

  /** Whether a client is to show a certificate. */
  public enum ClientCertificate {
    NONE,
    REQUESTED,
    REQUIRED
  }

  final Map<String, Source> identities = new LinkedHashMap<>();
  final List<TrustSource> trusted = new ArrayList<>();
  boolean insecure;
  ClientCertificate clientCertificate = ClientCertificate.NONE;
  boolean openSsl;
  List<String> alpn = List.of();
  List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
  @Nullable List<String> ciphers;
  private Duration handshakeTimeout = Duration.ofSeconds(10);

  /** Nothing but defaults. */
  public TlsSettings() {}

  /** A copy. */
  public TlsSettings(TlsSettings other) {
    identities.putAll(other.identities);
    trusted.addAll(other.trusted);
    insecure = other.insecure;
    clientCertificate = other.clientCertificate;
    openSsl = other.openSsl;
    alpn = other.alpn;
    protocols = other.protocols;
    ciphers = other.ciphers;
    handshakeTimeout = other.handshakeTimeout;
  }

  /**
   * Adds one.
   *
   * @param name by which a client asks for it; empty for whatever other
   */
  public void identity(String name, Path chain, Path key) {
    String from = chain + ", " + key;
    put(name, () -> List.of(Identity.of(Pem.key(key), Pem.certificates(chain), from)));
  }

  /** The same, with all keys of a store. */
  public void identity(String name, KeyStore store, char[] password) {
    char[] kept = password.clone();
    put(name, () -> ofStore(store, kept));
  }

  private void put(String name, Source source) {
    Source before = identities.get(key(name));
    if (before == null) {
      identities.put(key(name), source);
    } else { // one of another kind, for peers that cannot do with the first
      identities.put(
          key(name),
          () -> {
            List<Identity> both = new ArrayList<>(before.read());
            both.addAll(source.read());
            return both;
          });
    }
  }

  /** Whether there is any. */
  public boolean hasIdentity() {
    return !identities.isEmpty();
  }

  /** Puts another in the place of what there is for a name. */
  public void replaceIdentity(String name, Path chain, Path key) {
    identities.remove(key(name));
    identity(name, chain, key);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static List<Identity> ofStore(KeyStore store, char[] password)
      throws GeneralSecurityException {
    List<Identity> found = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Certificate[] chain = store.getCertificateChain(alias);
      if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
        List<X509Certificate> own = Arrays.stream(chain).map(X509Certificate.class::cast).toList();
        found.add(Identity.of(key, own, "key store, " + alias));
      }
    }
    if (found.isEmpty()) {
      throw new java.security.KeyStoreException("There is no private key in the key store");
    }
    return found;
  }

  /** Trusts the certificates of a file, in place of the JDK's. */
  public void trust(Path certificates) {
    trusted.add(() -> Pem.certificates(certificates));
  }

  /** Those of a store. */
  public void trust(KeyStore store) {
    trusted.add(
        () -> {
          List<X509Certificate> all = new ArrayList<>();
          for (String alias : Collections.list(store.aliases())) {
            if (store.getCertificate(alias) instanceof X509Certificate certificate) {
              all.add(certificate);
            }
          }
          return all;
        });
  }

  /** Trusts whoever answers. */
  public void trustAnyone() {
    insecure = true;
  }

  public void clientCertificate(ClientCertificate now) {
    clientCertificate = now;
  }

  public void alpn(String... names) {
    for (String name : names) {
      if (name.isEmpty() || name.length() > 255) {
        throw new IllegalArgumentException("an ALPN name must have 1 to 255 characters: " + name);
      }
    }
    alpn = List.of(names);
  }

  public void protocols(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("protocols must name at least one");
    }
    protocols = List.of(names);
  }

  public void ciphers(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("ciphers must name at least one");
    }
    ciphers = List.of(names);
  }

  public void openSsl(boolean wanted) {
    openSsl = wanted;
  }

  public boolean isOpenSsl() {
    return openSsl;
  }

  public List<String> alpn() {
    return alpn;
  }

  public void handshakeTimeout(Duration time) {
    handshakeTimeout = time;
  }

  public Duration handshakeTimeout() {
    return handshakeTimeout;
  }
}
