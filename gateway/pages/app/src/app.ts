// One script is that of btgw's own pages and, under the name btgw-player.js, that of pages of other sites, which get the
// element of it alone.
import './element';
import { readPage } from './page';
import { startPage } from './start';
import { torrentPage } from './torrent';
import { playerPage } from './playerpage';

if (/\/-\/app\/app-\w+\.js$/.test(new URL(import.meta.url).pathname)) {
  const page = readPage();
  switch (page.page) {
    case 'start': startPage(page); break;
    case 'torrent': torrentPage(page); break;
    case 'player': playerPage(page); break;
  }
}
