package peer

import "time"

// keepBans writes the file some time after a ban, until Close, which does so once
// more.
func (h *Host) keepBans() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.newBan:
		}
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(saveBansAfter):
		}
		if err := h.saveBans(); err != nil {
			h.log.Warn("bans not kept", "err", err)
		}
	}
}

// saveBans writes the file if there was a ban since. It is not called concurrently.
func (h *Host) saveBans() error {
	h.mu.Lock()
	text, changed := h.bans.Unsaved(time.Now())
	h.mu.Unlock()
	if !changed {
		return nil
	}
	err := h.bans.Save(text)
	if err != nil {
		h.mu.Lock()
		h.bans.Retry()
		h.mu.Unlock()
	}
	return err
}
