package lab

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

var (
	reportFlag   = flag.Bool("lab.report", false, "print the table of the named scenarios in full size")
	scenarioFlag = flag.String("lab.scenario", "", "the one scenario to play; all if empty")
	seedFlag     = flag.Uint64("lab.seed", 1, "the seed of the scenarios, or the first of them")
	seedsFlag    = flag.Int("lab.seeds", 0, "how many seeds TestScenarios plays of each small scenario")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// chosen lists the scenarios that are asked for.
func chosen(t *testing.T) []Named {
	var all []Named
	for _, n := range Scenarios() {
		if *scenarioFlag == "" || *scenarioFlag == n.Name {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		t.Fatalf("no scenario is called %q", *scenarioFlag)
	}
	return all
}

// TestReport prints the table of the scenarios that the flags choose; without
// -lab.report it prints none.
func TestReport(t *testing.T) {
	var results []*Result
	for _, n := range chosen(t) {
		if *reportFlag {
			results = append(results, Run(t, n.Make(*seedFlag, false)))
		}
	}
	for _, r := range results {
		complain(t, r)
		assertCrowd(t, r, crowdShare)
	}
	if len(results) == 0 {
		return
	}
	if err := Report(os.Stdout, results); err != nil {
		t.Fatal(err)
	}
}

// complain fails the test for what must not be in any run.
func complain(t *testing.T, r *Result) {
	t.Helper()
	for _, err := range r.Failures {
		t.Errorf("%s, seed %d: %v", r.Scenario, r.Seed, err)
	}
	if r.Offences > 0 {
		t.Errorf("%s, seed %d: %d peers took offence", r.Scenario, r.Seed, r.Offences)
	}
	for _, v := range r.Violations {
		t.Errorf("%s, seed %d: %v", r.Scenario, r.Seed, v)
	}
}

// Every scenario gives all readers their bytes, and none waits longer than 1.5
// times what a fair share of the bandwidth allows (fair.go).
func TestScenarios(t *testing.T) {
	for _, n := range chosen(t) {
		t.Run(n.Name, func(t *testing.T) {
			waits, unfair, beaten := 0, 0, 0
			for i := range max(1, *seedsFlag) {
				s := n.Make(*seedFlag+uint64(i), true)
				r := Run(t, s)
				complain(t, r)
				assertCrowd(t, r, quickShare)
				if len(r.First) != len(s.Readers) {
					t.Errorf("seed %d: %d of %d readers had their first byte", s.Seed, len(r.First), len(s.Readers))
				}
				waits += r.Waits - r.Unjudged
				unfair += len(r.Violations)
				beaten += r.Beaten
			}
			t.Logf("%d of %d waits were unfair, %d beaten", unfair, waits, beaten)
		})
	}
}

// TestWaitsBesideLiars: where six peers lie now and then, what keeps honest ones apart from them costs readers no
// wait. In these seeds six waits were unfair before pieces that readers wait for were shared by proven peers.
func TestWaitsBesideLiars(t *testing.T) {
	unfair := 0
	for _, seed := range []uint64{9, 11, 17, 34, 56} {
		r := Run(t, Liars(seed, true))
		for _, v := range r.Violations {
			t.Logf("seed %d: %v", seed, v)
		}
		unfair += len(r.Violations)
	}
	if unfair > 1 {
		t.Errorf("%d waits were unfair", unfair)
	}
}

// What the three seeds of a flash crowd send for each byte that readers get: a
// fifth if no gateway gave anything to another. The aim is a twentieth in full
// size; the quick ones have fewer gateways to find a piece at.
var (
	crowdShare = map[string]float64{"flash-crowd": 0.06, "flash-crowd-slots": 0.02}
	quickShare = map[string]float64{"flash-crowd": 0.15, "flash-crowd-slots": 0.10}
)

// assertCrowd holds a flash crowd against its share.
func assertCrowd(t *testing.T, r *Result, shares map[string]float64) {
	t.Helper()
	if most, ok := shares[r.Scenario]; ok && r.SeedShare() > most {
		t.Errorf("%s, seed %d: seeds sent %.3f bytes a byte served, more than %v", r.Scenario, r.Seed, r.SeedShare(), most)
	}
}
