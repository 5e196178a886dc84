import { readPage } from './page';
import { startPage } from './start';
import { torrentPage } from './torrent';
import { playerPage } from './playerpage';

const page = readPage();
switch (page.page) {
  case 'start': startPage(page); break;
  case 'torrent': torrentPage(page); break;
  case 'player': playerPage(page); break;
}
