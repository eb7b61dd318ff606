package org.hourtap.server.certificates;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;

/// Whom a client certificate names. Only names of exactly the shape the hub gives out count; a name
/// with anything more or less in it is nobody's.
public sealed interface Holder {
    /// The name of the hub, which therefore no terminal can have.
    String HUB_NAME = "hub";

    /// What stands between that name and a hub's own id, in its client id at the broker.
    String INSTANCE_MARK = "~";

    /// @return the common name, which is also the client id at the broker, or the beginning of a
    ///   hub's
    String name();

    /// The hub itself. Its name has no organisation, so no terminal's can be taken for it.
    record Hub() implements Holder {
        @Override
        public String name() {
            return HUB_NAME;
        }
    }

    /// A terminal.
    ///
    /// @param serial of this certificate, hexadecimal: a terminal enrolled again has another
    record Terminal(BookId book, TerminalId terminal, String serial) implements Holder {
        @Override
        public String name() {
            return terminal.value();
        }
    }

    /// @return who holds this certificate, which somebody else has verified
    static Optional<Holder> of(X509Certificate certificate) {
        try {
            RDN[] names = new JcaX509CertificateHolder(certificate).getSubject().getRDNs();
            if (names.length == 1 && textOf(names[0], BCStyle.CN).equals(HUB_NAME)) {
                return Optional.of(new Hub());
            }
            if (names.length != 2) {
                return Optional.empty();
            }
            return Optional.of(
                    new Terminal(
                            new BookId(textOf(names[0], BCStyle.O)),
                            new TerminalId(textOf(names[1], BCStyle.CN)),
                            certificate.getSerialNumber().toString(16)));
        } catch (CertificateEncodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// @return the name the hub's own certificate carries
    static X500Name hubName() {
        return new X500NameBuilder().addRDN(BCStyle.CN, HUB_NAME).build();
    }

    /// @return the name a terminal's certificate carries
    static X500Name terminalName(BookId book, TerminalId terminal) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, book.value())
                .addRDN(BCStyle.CN, terminal.value())
                .build();
    }

    private static String textOf(RDN name, ASN1ObjectIdentifier type) {
        if (name.isMultiValued() || !name.getFirst().getType().equals(type)) {
            throw new IllegalArgumentException("a name of another shape");
        }
        return IETFUtils.valueToString(name.getFirst().getValue());
    }
}
