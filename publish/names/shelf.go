package names

import (
	"bytes"
	"context"

	"github.com/btgw/btgw/peer/discovery/dht"
)

// askShelf asks the shelf for a name of which nothing is known, while the DHT is asked. b.mu is
// held.
func (b *Book) askShelf(n Name, e *entry) {
	if b.shelf == nil || e.item != nil || e.shelved != nil {
		return
	}
	e.shelved = make(chan struct{})
	b.done.Go(func() {
		ctx, cancel := context.WithTimeout(b.ctx, shelfTime)
		defer cancel()
		it, ok := b.fromShelf(ctx, n)
		b.mu.Lock()
		defer b.mu.Unlock()
		if ok {
			e.kept, e.onShelf = it.Seq, true
			e.take(&it)
			b.changed = true
		}
		close(e.shelved)
		e.shelved = nil
	})
}

// fromShelf returns the item that the shelf has of a name, if it is right.
func (b *Book) fromShelf(ctx context.Context, n Name) (dht.Item, bool) {
	raw, err := b.shelf.Name(ctx, dht.ItemTarget(n.Key, []byte(n.Salt)))
	if err != nil {
		b.log.Debug("a name is not on the shelf", "name", n, "err", err)
		return dht.Item{}, false
	}
	items, err := parseItems(raw)
	if err != nil || len(items) != 1 || items[0].Key != n.Key || !bytes.Equal(items[0].Salt, []byte(n.Salt)) {
		b.log.Info("what the shelf has of a name is wrong", "name", n, "err", err)
		return dht.Item{}, false
	}
	return items[0], true
}

// keepOnShelf puts an item there that is not, and was resolved shelfUses times. b.mu is held.
func (b *Book) keepOnShelf(e *entry) {
	if b.shelf == nil || e.item == nil || e.uses < shelfUses || e.shelved != nil || e.onShelf && e.kept >= e.item.Seq {
		return
	}
	e.kept, e.onShelf = e.item.Seq, true
	b.shelf.KeepName(dht.ItemTarget(e.item.Key, e.item.Salt), appendItems(nil, *e.item))
}
