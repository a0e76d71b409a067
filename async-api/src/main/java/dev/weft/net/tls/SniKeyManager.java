package dev.weft.net.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows a peer the certificate that goes with the name by which it has asked, of a kind that it can
 * use: by the whole name, else by that with a {@code *} for its first label, else the one without a
 * name. So do nginx and Go; a client that asks for a name which is not there finds out itself.
 */
final class SniKeyManager extends X509ExtendedKeyManager {
  private final List<Identity> unnamed;
  private final Map<String, List<Identity>> named;

  SniKeyManager(List<Identity> unnamed, Map<String, List<Identity>> named) {
    this.unnamed = unnamed;
    this.named = named;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    String name = engine == null ? null : requestedName(engine);
    String key = name == null ? "" : keyOf(name);
    String found = alias(key, keyType);
    return found == null && !key.isEmpty() ? alias("", keyType) : found;
  }

  private String keyOf(String name) {
    if (named.containsKey(name)) {
      return name;
    }
    int dot = name.indexOf('.');
    String wild = dot < 0 ? "" : "*" + name.substring(dot);
    return named.containsKey(wild) ? wild : "";
  }

  private @Nullable String alias(String name, String keyType) {
    List<Identity> identities = identities(name);
    for (int i = 0; i < identities.size(); i++) {
      if (identities.get(i).isOfType(keyType)) {
        return i + ":" + name;
      }
    }
    return null;
  }

  private List<Identity> identities(String name) {
    List<Identity> found = name.isEmpty() ? unnamed : named.get(name);
    return found == null ? List.of() : found;
  }

  private static @Nullable String requestedName(SSLEngine engine) {
    SSLSession session = engine.getHandshakeSession();
    if (session instanceof ExtendedSSLSession extended) {
      return firstName(extended);
    }
    return null;
  }

  /** The name that a client has asked for, in lower case. */
  static @Nullable String firstName(ExtendedSSLSession session) {
    try {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    } catch (UnsupportedOperationException unknown) {
      // to this provider
    }
    return null;
  }

  private @Nullable Identity identity(String alias) {
    int colon = alias.indexOf(':');
    if (colon < 0) {
      return null;
    }
    List<Identity> identities = identities(alias.substring(colon + 1));
    int index = Integer.parseInt(alias.substring(0, colon));
    return index < identities.size() ? identities.get(index) : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    for (String keyType : keyTypes) {
      String found = alias("", keyType);
      if (found != null) {
        return found; // whoever has issued it: the server says why it does not take it
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Identity identity = identity(alias);
    return identity == null ? null : identity.chainArray();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Identity identity = identity(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  private String[] aliases(String keyType) {
    String found = alias("", keyType);
    return found == null ? new String[0] : new String[] {found};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineClientAlias(keyTypes, issuers, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }
}
