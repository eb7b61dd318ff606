package org.hourtap.server;

import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.fleet.Enrolment;

/// Enrolment's way to the hub's own certificate authority.
///
/// @param brokerPort where terminals find the broker, on the host they enrolled at
record HubCertifier(CertificateAuthority certificates, int brokerPort)
        implements Enrolment.Certifier {
    @Override
    public Enrolment.Certificate certify(BookId book, TerminalId terminal, byte[] publicKey) {
        CertificateAuthority.Issued issued = certificates.issue(book, terminal, publicKey);
        return new Enrolment.Certificate(issued.pem(), issued.serial());
    }

    @Override
    public String authority() {
        return certificates.authorityPem();
    }
}
