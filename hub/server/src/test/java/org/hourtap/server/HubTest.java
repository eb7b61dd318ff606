package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hourtap.runtime.DataFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class HubTest {
    @TempDir Path parent;
    private Path folder;
    private String said = "";
    private String complained = "";

    @BeforeEach
    void configure() throws Exception {
        folder = parent.resolve("hub");
        DataFolder.make(folder);
        write("http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
    }

    private void write(String properties) throws Exception {
        Files.writeString(folder.resolve("hub.properties"), properties);
    }

    /// Runs the command line as a person would, on this test's folder.
    private int run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = HubMain.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.add("--data");
        all.add(folder.toString());
        int status = line.execute(all.toArray(String[]::new));
        said = out.toString();
        complained = err.toString();
        return status;
    }

    @Test
    void aCoordinatorSetsUpASchemeFromTheCommandLine() throws Exception {
        try (Hub hub = Hub.start(folder)) {
            assertThat(hub.mqttPort()).isPositive();
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve("admin.token"))))
                    .isEqualTo("rw-------");
            assertThat(run("members", "add", "Ann", "--id", "ann")).as(complained).isZero();
            assertThat(run("scheme", "uid-cards", "on")).as(complained).isZero();
            assertThat(run("cards", "add", "04AABBCC", "ann", "--least-proof", "UID_ONLY"))
                    .isZero();
            assertThat(run("venues", "add", "pool", "Barry Pool")).isZero();
            assertThat(run("activities add swim Swimming --kind SPEND --price 60".split(" ")))
                    .isZero();
            assertThat(
                            run(
                                    "terminals add pool-1 --venue pool --mode ENTRANCE --activity swim"
                                            .split(" ")))
                    .isZero();
            assertThat(run("terminals", "code", "pool-1")).isZero();
            assertThat(said.strip()).matches("([0-9A-Z]{4}-){4}[0-9A-Z]{4}");
            assertThat(folder.resolve("certificates/heads.pem")).isNotEmptyFile();
            assertThat(run("adjust", "ann", "180", "--operator", "Ceri", "--note", "start"))
                    .as(complained)
                    .isZero();
            assertThat(run("adjust", "ann", "-60", "--operator", "Ceri", "--note", "typo"))
                    .as(complained)
                    .isZero();
            assertThat(run("statement", "ann")).isZero();
            assertThat(said).contains("balance 120 minutes");
            assertThat(run("trial-balance")).isZero();
            assertThat(said).contains("sum 0").contains("The books balance.");
            assertThat(run("terminals", "list")).isZero();
            assertThat(said).contains("pool-1");
            assertThat(run("cards", "stop", "04AABBCC")).isZero();
            assertThat(run("cards", "list")).isZero();
            assertThat(said).contains("STOPPED");
            assertThat(run("members", "list")).isZero();
            assertThat(run("findings")).isZero();
            assertThat(run("terminals", "revoke", "pool-1")).isZero();
            assertThat(run("cards", "stop", "04DDDDDD")).isEqualTo(1);
            assertThat(complained).contains("There is no card 04DDDDDD");
        }
        assertThat(run("members", "list")).isEqualTo(1);
        assertThat(complained).contains("No hub is running").contains("hourtap-hub run");
    }

    private void does(String words, String... more) {
        List<String> all = new ArrayList<>(List.of(words.split(" ")));
        all.addAll(List.of(more));
        assertThat(run(all.toArray(String[]::new))).as(words + ": " + complained).isZero();
    }

    @Test
    void aBookkeeperRunsTheOfficeFromTheCommandLine() throws Exception {
        String[] byCeri = {"--operator", "Ceri", "--note", "fair"};
        try (Hub _ = Hub.start(folder)) {
            does("members add Ann --id ann");
            does("venues add pool", "Barry Pool");
            does("activities add cook Cooking --kind SHIFT");
            does("accounts agree POT:outings Outings --most 600");
            does("accounts agree GROUP:kitchen Kitchen");
            does("activities group cook kitchen");
            does("accounts pot-rule outings --covers-shortfalls --at-once 60 --per-member 120");
            does("adjust ann 180", byCeri);
            does("transfer ALLOCATION ISSUANCE POT:outings 300", byCeri);
            does("transfer GIFT MEMBER:ann POT:outings 60", byCeri);
            String gift = said.strip().replaceAll(".* id ", "");
            does("void " + gift, byCeri);
            does("transfer SPEND MEMBER:ann VENUE:pool 60", byCeri);
            String spend = said.strip().replaceAll(".* id ", "");
            assertThat(run("settle", "pool", "--operator", "Ceri", "--note", "month")).isEqualTo(1);
            assertThat(complained).contains("No day was closed yet");
            String today = java.time.LocalDate.now(java.time.ZoneOffset.UTC).toString();
            does("days close " + today + " --operator Ceri");
            assertThat(said)
                    .contains("Entries 1 to 5", "pool   SPEND   1          60")
                    .contains("MEMBER 120", "Hours that can still be spent: 420")
                    .contains("Sum of everything: 0", "\nhourtap-head-1 main 5 ");
            does("refund " + spend + " --minutes 15", byCeri);
            does("settle pool", byCeri);
            does("days sheet");
            assertThat(said)
                    .contains("Not closed yet", "Entries 6 to 7", "SETTLEMENT  1          -45");
            does("days list");
            assertThat(said).contains(today);
            does("accounts list --as-of 5");
            assertThat(said).containsPattern("VENUE:pool +0 +60 +60").contains("as of entry 5");
            does("accounts list");
            assertThat(said).containsPattern("POT:outings +Outings +60 +360 +300 +minutes +0 +600");
            does("accounts statement RETIRED");
            assertThat(said).contains("SETTLEMENT", "balance 45 minutes");
            does("accounts close GROUP:kitchen");
            assertThat(run("accounts", "close", "POT:outings")).isEqualTo(1);
            assertThat(complained).contains("POT:outings stands at 300 minutes");
            assertThat(run("days", "close", "22/11/2026", "--operator", "Ceri")).isEqualTo(1);
            assertThat(complained).contains("A day is written 2026-11-22");
            assertThat(run("accounts", "statement", "ann")).isEqualTo(1);
            assertThat(complained).contains("no kind of account called 'ann'");
            does("trial-balance");
        }
    }

    @Test
    void hoursAreHeldPostedAndLetGoFromTheCommandLine() throws Exception {
        String[] byCeri = {"--operator", "Ceri", "--note", "booked"};
        try (Hub _ = Hub.start(folder)) {
            does("members add Ann --id ann");
            does("venues add pool", "Barry Pool");
            does("activities add cook Cooking --kind SHIFT --needs-approval");
            does("activities list");
            assertThat(said).containsPattern("cook +Cooking +SHIFT +0 +1 +true");
            assertThat(run("activities add swim Swimming --kind SPEND --needs-approval".split(" ")))
                    .isEqualTo(1);
            does("adjust ann 180", byCeri);
            does("transfer SPEND MEMBER:ann VENUE:pool 60 --pending --until 2099-01-31", byCeri);
            String first = said.strip().replaceAll(".* id ", "");
            does("transfer SPEND MEMBER:ann VENUE:pool 45 --pending", byCeri);
            String second = said.strip().replaceAll(".* id ", "");
            does("statement ann");
            assertThat(said)
                    .contains("balance 180 minutes, 105 may still be taken")
                    .containsPattern("SPEND +PENDING +MEMBER:ann +VENUE:pool +0 +180 ");
            does("accounts statement VENUE:pool");
            assertThat(said).contains("balance 0 minutes, 105 more may still come");
            does("days sheet");
            assertThat(said).contains("Pending, not in the balances: 105");
            assertThat(run("refund", first, "--operator", "Ceri", "--note", "no")).isEqualTo(1);
            assertThat(complained).contains("Post or void it while it is pending");
            does("post " + first + " --minutes 40", byCeri);
            does("void " + second, byCeri);
            does("statement ann");
            assertThat(said).contains("balance 140 minutes\n");
            does("trial-balance");
            assertThat(said).contains("pending debits 0, pending credits 0");
            String[] wrong = {"--until", "tomorrow", "--pending"};
            assertThat(held(wrong)).isEqualTo(1);
            assertThat(complained).contains("An end is a day, 2026-11-22");
            assertThat(held("--until", "2099-01-31")).isEqualTo(1);
            assertThat(complained).contains("Say pending as well");
            assertThat(held("--until", "2001-01-31T10:00:00Z", "--pending")).isEqualTo(1);
            assertThat(complained).contains("runs out later than it begins");
            assertThat(held("--until", "2020-01-31", "--pending")).isEqualTo(1);
            does("shifts waiting");
            assertThat(run("shifts", "approve", first, "--operator", "Ceri", "--note", "no"))
                    .isEqualTo(1);
            assertThat(complained).contains("No shift " + first + " waits or waited");
            assertThat(run("shifts", "decline", second, "--operator", "Ceri", "--note", "no"))
                    .isEqualTo(1);
        }
    }

    @Test
    void cashBesideHoursIsRecordedFromTheCommandLine() throws Exception {
        String[] byCeri = {"--operator", "Ceri", "--note", "aqua class"};
        try (Hub _ = Hub.start(folder)) {
            does("venues add pool", "Barry Pool");
            does("activities add swim Swimming --kind SPEND --price 60 --cash 2.50");
            does("activities list");
            assertThat(said).containsPattern("swim +Swimming +SPEND +60 +1 +false +250");
            does("cash taken pool 2.50", byCeri);
            does("cash taken pool 40", byCeri);
            String mistaken = said.strip().replaceAll(".* id ", "");
            does("accounts statement TILL:pool");
            assertThat(said).contains("balance 4250 pence\n");
            String[] part = {
                "refund", mistaken, "--minutes", "5", "--operator", "C", "--note", "no"
            };
            assertThat(run(part)).isEqualTo(1);
            assertThat(complained).contains("is of 4000 pence, not of minutes");
            String[] hours =
                    "transfer CASH_TAKEN PAYERS TILL:pool 60 --operator C --note no".split(" ");
            assertThat(run(hours)).isEqualTo(1);
            assertThat(complained).contains("PAYERS is kept in pence, not in minutes.");
            does("void " + mistaken, byCeri);
            does("cash banked pool", byCeri);
            does("days sheet");
            assertThat(said)
                    .contains("Cash beside hours, only recorded:")
                    .contains("pool CASH_TAKEN £42.50")
                    .contains("pool VOID -£40.00")
                    .contains("pool CASH_BANKED -£2.50")
                    .contains("Hours that can still be spent: 0");
            does("cash taken pool 1.00", byCeri);
            does("refund " + said.strip().replaceAll(".* id ", "") + " --pounds 0.30", byCeri);
            does("accounts statement TILL:pool");
            assertThat(said).contains("balance 70 pence\n");
            does("accounts list");
            assertThat(said).containsPattern("BANKED +0 +250 +250 +pence");
            does("trial-balance");
            assertThat(said).contains("debits 0, credits 0, sum 0; cash, in pence, 0");
            String[] taken = {"cash", "taken", "pool", "2.5", "--operator", "C", "--note", "no"};
            assertThat(run(taken)).isEqualTo(2);
            assertThat(complained).contains("written in pounds, such as 2 or 2.50");
            String[] banked = {"cash", "banked", "pool", "1", "--operator", "C", "--note", "no"};
            assertThat(run(banked)).isEqualTo(1);
            assertThat(complained).contains("The books know of 70 pence at pool");
        }
    }

    private int held(String... more) {
        String plain = "transfer SPEND MEMBER:ann VENUE:pool 10 --operator Ceri --note no";
        List<String> words = new ArrayList<>(List.of(plain.split(" ")));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    @Test
    void aCardLivesAndIsReplacedFromTheCommandLine() throws Exception {
        try (Hub _ = Hub.start(folder)) {
            run("members", "add", "Ann", "--id", "ann");
            assertThat(run("scheme", "uid-cards")).isZero();
            assertThat(said).startsWith("off:");
            assertThat(run("cards", "add", "04AABBCC", "ann", "--least-proof", "UID_ONLY"))
                    .isEqualTo(1);
            assertThat(complained).contains("hourtap-hub scheme uid-cards on");
            assertThat(run("scheme", "uid-cards", "perhaps")).isEqualTo(1);
            assertThat(complained).contains("Say on or off.");
            assertThat(
                            run(
                                    "cards add 04782E21801D80 ann --least-proof NTAG_424 --allowance 90"
                                            .split(" ")))
                    .as(complained)
                    .isZero();
            assertThat(run("cards", "replace", "04782E21801D80", "04AABBCCDDEE80"))
                    .as(complained)
                    .isZero();
            assertThat(said)
                    .isEqualToIgnoringNewLines(
                            "04AABBCCDDEE80 is ann's, 04782E21801D80 is stopped");
            assertThat(run("cards", "list")).isZero();
            assertThat(said)
                    .containsPattern("04782E21801D80 +ann +STOPPED +NTAG_424 +0 +90")
                    .containsPattern("04AABBCCDDEE80 +ann +ACTIVE +DESFIRE_EV2 +0 +90");
            assertThat(run("cards", "allowance", "04AABBCCDDEE80", "30")).isZero();
            assertThat(said).contains("30 minutes");
            assertThat(run("cards", "allowance", "04AABBCCDDEE80", "none")).isZero();
            assertThat(said).contains("no limit but the balance");
            assertThat(run("cards", "allowance", "04AABBCCDDEE80", "much")).isEqualTo(1);
            assertThat(run("cards", "stop", "04AABBCC")).isEqualTo(1);
            assertThat(complained).contains("There is no card 04AABBCC");
        }
    }

    @Test
    void aKeyFileOthersCanReadStopsTheStart() throws Exception {
        Path keys = folder.resolve("card.keys");
        Files.writeString(keys, "15.0 = " + "0".repeat(32) + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Hub.start(folder))
                .isInstanceOf(Hub.CannotStartException.class)
                .hasMessageContaining("chmod 600 " + keys);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        try (Hub hub = Hub.start(folder)) {
            assertThat(hub.httpPort()).isPositive();
        }
    }

    @Test
    void aRestartFindsEverythingAgain() throws Exception {
        try (Hub _ = Hub.start(folder)) {
            assertThat(run("members", "add", "Ann", "--id", "ann")).isZero();
        }
        try (Hub _ = Hub.start(folder)) {
            assertThat(run("members", "list")).isZero();
            assertThat(said).contains("ann");
        }
    }

    @Test
    void aSecondStartOnTheSameFolderSaysSoAndEndsWithTwo() throws Exception {
        try (Hub _ = Hub.start(folder)) {
            assertThat(run("run")).isEqualTo(2);
            assertThat(complained).contains("is in use by a running program");
        }
    }

    @Test
    void aTakenPortIsNamedWithItsSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write("http.port=" + taken.getLocalPort() + "\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
            assertThat(run("run")).isEqualTo(2);
            assertThat(complained).contains("port " + taken.getLocalPort()).contains("http.port");
            write("http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=" + taken.getLocalPort() + "\n");
            assertThat(run("run")).isEqualTo(2);
            assertThat(complained).contains("port " + taken.getLocalPort()).contains("mqtt.port");
        }
        write("http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
        try (Hub hub = Hub.start(folder)) {
            assertThat(hub.httpPort()).isPositive();
        }
    }

    @Test
    void aTokenOthersCanReadStopsTheStart() throws Exception {
        try (Hub _ = Hub.start(folder)) {
            assertThat(folder.resolve("admin.token")).exists();
        }
        Files.setPosixFilePermissions(
                folder.resolve("admin.token"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Hub.start(folder))
                .isInstanceOf(Hub.CannotStartException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aDamagedDatabaseStopsTheStartAndIsLeftAsItIs() throws Exception {
        byte[] rubbish =
                "this is no database, but long enough to look at "
                        .repeat(100)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(folder.resolve("hub.db"), rubbish);
        assertThatThrownBy(() -> Hub.start(folder))
                .isInstanceOf(Hub.CannotStartException.class)
                .hasMessageContaining("The database file is damaged");
        assertThat(folder.resolve("hub.db")).hasBinaryContent(rubbish);
    }

    @Test
    void everyCommandHasHelp() {
        for (List<String> words :
                List.of(
                        List.of("run"),
                        List.of("members", "add"),
                        List.of("cards"),
                        List.of("cards", "replace"),
                        List.of("cards", "allowance"),
                        List.of("scheme"),
                        List.of("scheme", "uid-cards"),
                        List.of("terminals", "code"),
                        List.of("adjust"),
                        List.of("findings"))) {
            List<String> all = new ArrayList<>(words);
            all.add("--help");
            StringWriter out = new StringWriter();
            CommandLine line = HubMain.commandLine();
            line.setOut(new PrintWriter(out));
            assertThat(line.execute(all.toArray(String[]::new))).isZero();
            assertThat(out.toString()).as("%s", words).contains("Usage: hourtap-hub");
        }
    }
}
