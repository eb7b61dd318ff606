package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Instance;
import org.hourtap.server.books.PostgresAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubConfigTest {
    @TempDir Path folder;

    private HubConfig read(String text) throws Exception {
        Files.writeString(folder.resolve("hub.properties"), text);
        return HubConfig.read(folder);
    }

    @Test
    void withoutAFileTheseAreTheDefaults() throws Exception {
        assertThat(HubConfig.read(folder))
                .isEqualTo(
                        new HubConfig(
                                new BookId("main"),
                                "Time bank",
                                Instance.Wanted.parse("main"),
                                "127.0.0.1",
                                8090,
                                "0.0.0.0",
                                8883,
                                null,
                                null,
                                null,
                                null,
                                List.of()));
    }

    @Test
    void whatIsSetIsTaken() throws Exception {
        HubConfig config =
                read(
                        """
                        book=barry
                        http.port= 1234
                        mqtt.url=ssl://broker.example:8883
                        hub.names=hub.local, 192.168.1.5
                        """);
        assertThat(config.book()).isEqualTo(new BookId("barry"));
        assertThat(config.httpPort()).isEqualTo(1234);
        assertThat(config.mqttUrl()).isEqualTo("ssl://broker.example:8883");
        assertThat(config.names()).containsExactly("hub.local", "192.168.1.5");
    }

    @Test
    void severalBooksAreOfADatabase() throws Exception {
        String database = "database=postgresql://hub@127.0.0.1/hours\nbook=barry\n";
        assertThat(read(database).wanted()).hasToString("barry");
        assertThat(read(database + "books=*").wanted()).hasToString("*");
        assertThat(read(database + "books=penarth, cardiff").wanted())
                .hasToString("barry,cardiff,penarth");
        assertThatThrownBy(() -> read("books=*"))
                .hasMessageContaining("set database as well, or leave books empty");
        assertThatThrownBy(() -> read(database + "books=barry,,*"))
                .hasMessageContaining("books has to be * for all, or ids with commas");
    }

    @Test
    void aBrokerOnOneAddressIsReachedAndCertifiedByIt() throws Exception {
        HubConfig one = read("mqtt.host=192.0.2.7\nhub.names=hub.example\n");
        assertThat(one.brokerName()).isEqualTo("192.0.2.7");
        assertThat(one.certificateNames()).containsExactly("hub.example", "192.0.2.7");
        HubConfig all = read("mqtt.host=0.0.0.0\n");
        assertThat(all.brokerName()).isEqualTo("localhost");
        assertThat(all.certificateNames()).isEmpty();
    }

    @Test
    void cardKeysAreTakenFromTheUsualFileIfItIsThere() throws Exception {
        assertThat(read("").cardKeys()).isNull();
        Files.writeString(folder.resolve("card.keys"), "");
        assertThat(read("").cardKeys()).isEqualTo(folder.resolve("card.keys"));
        assertThat(read("card.keys=/etc/other.keys\n").cardKeys())
                .isEqualTo(Path.of("/etc/other.keys"));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThatThrownBy(() ->
                        read(
                                """
                                book=a/b
                                book.name=
                                http.prot=1
                                http.port=70000
                                http.host=not a host
                                mqtt.port=many
                                mqtt.url=tcp://x
                                """))
                .isInstanceOf(HubConfig.ConfigException.class)
                .hasMessageContainingAll(
                        "hub.properties",
                        "http.prot is not a setting",
                        "book has to be",
                        "book.name has to",
                        "http.port has to be a number from 0 to 65535, not '70000'",
                        "http.host has to be",
                        "mqtt.port has to be a number",
                        "mqtt.url has to be ssl://HOST:PORT",
                        "The hub was not started.");
    }

    @Test
    void aDatabaseElsewhereIsNamedWithoutItsPassword() throws Exception {
        HubConfig config = read("database = postgresql://hub@[::1],db2:5433/hours?sslmode=require");
        assertThat(config.database())
                .hasToString("postgresql://hub@[::1]:5432,db2:5433/hours")
                .extracting(PostgresAddress::sslMode)
                .isEqualTo("require");
        assertThat(PostgresAddress.parse("postgresql://db.example/hours").sslMode())
                .isEqualTo("verify-full");
        assertThat(PostgresAddress.parse("postgresql://localhost/hours").sslMode())
                .isEqualTo("prefer");
        assertThatThrownBy(() -> read("database = postgresql://hub:geheim@localhost/hours"))
                .hasMessageContaining("database.password")
                .hasMessageNotContaining("geheim");
        for (String wrong :
                List.of("mysql://x/y", "postgresql://a b/hours", "postgresql://h/x?ssl=0", "yes")) {
            assertThatThrownBy(() -> read("database = " + wrong))
                    .as(wrong)
                    .isInstanceOf(HubConfig.ConfigException.class)
                    .hasMessageContaining("- database ");
        }
    }

    @Test
    void aPasswordThatOthersCanReadIsNotUsedAndBooksLeftBehindAreNotForgotten() throws Exception {
        HubConfig config = read("database = postgresql://localhost/hours");
        Path secret = folder.resolve("database.password");
        Files.writeString(secret, "geheim");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> DatabaseSetting.of(config, folder))
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining("geheim");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertThat(DatabaseSetting.of(config, folder))
                .hasToString("postgresql://hourtap@localhost:5432/hours");
        Files.writeString(folder.resolve("hub.db"), "books");
        assertThatThrownBy(() -> DatabaseSetting.of(config, folder))
                .hasMessageContaining("hourtap-hub migrate");
    }
}
