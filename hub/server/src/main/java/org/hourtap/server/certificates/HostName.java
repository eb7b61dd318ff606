package org.hourtap.server.certificates;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/// Names and addresses a server is called by, as a certificate states them.
final class HostName {
    private static final Pattern NAME =
            Pattern.compile(
                    "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private static final int LENGTH_MAX = 253;

    private HostName() {}

    static String normal(String name) {
        String bare = name.strip().toLowerCase(Locale.ROOT);
        // An IPv6 address has many spellings, and a certificate gives back one of its own.
        return IPAddress.isValid(bare) ? InetAddress.ofLiteral(bare).getHostAddress() : bare;
    }

    static void require(String name) throws CertificateProblem {
        boolean isName = name.length() <= LENGTH_MAX && NAME.matcher(name).matches();
        if (!isName && !IPAddress.isValid(name)) {
            throw new CertificateProblem(
                    "'"
                            + name
                            + "' is neither a host name nor an address. Correct the hub's names.");
        }
    }

    static GeneralName general(String name) {
        int type = IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName;
        return new GeneralName(type, name);
    }

    static NavigableSet<String> namesIn(X509Certificate certificate) {
        NavigableSet<String> names = new TreeSet<>();
        try {
            Collection<List<?>> stated = certificate.getSubjectAlternativeNames();
            if (stated != null) {
                stated.forEach(name -> names.add(normal(String.valueOf(name.get(1)))));
            }
        } catch (CertificateParsingException e) {
            // Then it states none that we can read, and is renewed.
            names.clear();
        }
        return names;
    }
}
