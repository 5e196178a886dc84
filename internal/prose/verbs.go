package main

import "strings"

// hasVerb reports whether any word of a sentence may be a verb. It errs towards
// true: a word that ends as inflected verbs do counts, and so does any code span.
// What it denies has no verb.
func hasVerb(sentence string) bool {
	for _, w := range strings.Fields(strings.ToLower(sentence)) {
		if strings.Contains(w, "`") {
			return true
		}
		w = strings.Trim(w, `.,;:!?()"'*_…`)
		if verbs[w] || strings.Contains(w, "'") || strings.Contains(w, "’") {
			return true
		}
		if len(w) > 3 && (strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss")) {
			return true
		}
	}
	return false
}

// verbs holds auxiliaries, irregular forms, and the bare forms that imperatives
// and plural subjects take.
var verbs = set(`
am is are was were be been being has have had do does did can could may might must
shall should will would cannot need dare ought
accept add aim allow announce answer appear apply ask assume avoid begin permit belong break
bring build buy call carry catch cause change check choose clean close come compare
connect contain copy cost count cover cut decide delete depend dial download draw drop
end exist expect expire fail fall feed fetch fill find fit fly follow forget forget free
get give go grow happen hear help hold include install join keep know lack land last
lead learn leave let lie list listen live look lose make match matter mean meet mind
miss move name open order own pass pay pick play point prefer print publish put quit
reach read receive refer refuse remain remember repeat reply report request return ride
rise run save say see seem seed seek sell send serve set share show sit skip sleep speak
spend stand start stay stop store take tell tend think throw touch try turn type update
upload use verify wait wake walk want watch win wish work write
became began broke brought built came caught chose cost cut did drew fell felt fled found
gave gone got grew heard held kept knew laid led left lent let lost made meant met paid
put ran read rose said sat saw sent set shone shut sold spent spoke stood stuck swept
taken taught thought told took understood went woke won wrote written
`)

func set(text string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}
