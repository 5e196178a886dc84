import{a as Eo,b as go,c as Sn}from"./chunk-MS7FLPL7.js";import"./chunk-I7AUKTXE.js";function bo(){let t=document.body.dataset;return{page:t.page??"start",root:t.root??"./",self:t.self??"",query:t.query??"",hash:t.hash??"",base:t.base??"",path:t.path?JSON.parse(t.path):[],media:t.media??"",uploads:t.uploads==="true",hidden:t.hidden==="true",known:t.known==="true"}}function H(t,e,i=""){let r=t.query.slice(1),n=[i,r].filter(Boolean).join("&");return n?`${e}?${n}`:e}var ni=t=>new URL(t,location.href).href;function u(t,e,...i){let r=document.createElement(t);for(let[n,a]of Object.entries(e??{}))a===!1||a===void 0||a===null||(typeof a=="function"?r.addEventListener(n.slice(2),a):r.setAttribute(n,a===!0?"":String(a)));return r.append(...i.filter(n=>!!n||n==="")),r}var pe=t=>u("bdi",null,t);async function It(t,e){let i=e.textContent;try{await navigator.clipboard.writeText(t)}catch{let r=u("textarea",{"aria-hidden":"true"},t);document.body.append(r),r.select(),document.execCommand("copy"),r.remove()}e.textContent="Copied",setTimeout(()=>{e.textContent=i},1500)}function De(t){let e="http://www.w3.org/2000/svg",i=document.createElementNS(e,"svg");i.setAttribute("viewBox","0 0 24 24"),i.setAttribute("aria-hidden","true"),i.setAttribute("class","icon");let r=document.createElementNS(e,"path");return r.setAttribute("d",t),i.append(r),i}var ae={play:"M8 5.5v13l10.500-6.500z",film:"M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4",music:"M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",picture:"M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500h.01",text:"M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",file:"M6 3h9l4 4v14H6zM14 3v5h5",folder:"M3 6h6l2 2.500h10V19H3z",right:"M9 6l6 6-6 6",check:"M5 12.500l4.500 4.500L19 7.500"};function qe(t){if(t<1024)return`${t} B`;let e=-1;for(;t>=1023.95&&e<5;)t/=1024,e++;return`${t.toFixed(1)} ${"KMGTPE"[e]}iB`}var kn=t=>`${qe(Math.round(t))}/s`;function qi(t){t=Math.max(0,Math.floor(t));let e=a=>String(a).padStart(2,"0"),[i,r,n]=[Math.floor(t/3600),Math.floor(t/60)%60,t%60];return i?`${i}:${e(r)}:${e(n)}`:`${r}:${e(n)}`}var le=(t,e,i=e+"s")=>`${t.toLocaleString("en")} ${t===1?e:i}`;function _o(t){return t<90?"just now":t<5400?`${Math.round(t/60)} minutes ago`:t<129600?`${Math.round(t/3600)} hours ago`:`${Math.round(t/86400)} days ago`}var In="btgw.recent",wn="btgw.places",Ao="btgw.settings";function Ln(t,e){try{return JSON.parse(localStorage.getItem(t)??"")??e}catch{return e}}function ai(t,e){try{localStorage.setItem(t,JSON.stringify(e))}catch{}}function zi(){let t=Ln(In,[]);return Array.isArray(t)?t.filter(e=>e&&typeof e.href=="string"&&typeof e.name=="string"):[]}function wt(t){ai(In,[{...t,at:Date.now()},...zi().filter(e=>e.hash!==t.hash)].slice(0,24))}function Mn(t){ai(In,t?zi().filter(e=>e.hash!==t):[]),t||ai(wn,{})}var Lt=()=>Ln(wn,{});function To(t,e,i){let r=Lt();r[t]={at:e,of:i,when:Date.now()};let n=Object.entries(r).sort((a,o)=>o[1].when-a[1].when).slice(0,500);ai(wn,Object.fromEntries(n))}var st=t=>!!t&&t.of>0&&t.at>=t.of*.93,lt=()=>Ln(Ao,{}),oi=t=>ai(Ao,{...lt(),...t});function So(t){Nl(t),Rn()}function Nl(t){let e=document.querySelector("#box"),i=e?.querySelector("[name=uri]"),r=e?.querySelector("[type=file]");if(!e||!i)return;let n=o=>{let l=e.querySelector("[role=status]");l&&(l.textContent=o)};e.addEventListener("submit",()=>n("Opening…")),addEventListener("pageshow",()=>n("")),i.addEventListener("paste",()=>setTimeout(()=>{yo(i.value)&&e.requestSubmit()})),r?.addEventListener("change",()=>{r.files?.length&&a([...r.files])});async function a(o){if(!t.uploads){n("This server takes no .torrent files: use a magnet link.");return}n(o.length>1?`Opening ${o.length} files…`:"Opening…");let l="";for(let c of o.slice(0,50)){let g=new FormData;g.append("torrent",c);let m=await fetch(e.action,{method:"POST",body:g,headers:{Accept:"application/json"}});if(!m.ok){let f=m.statusText;try{f=(await m.json()).detail}catch{}n(`${c.name}: ${f}`);return}l=m.url;let E=/\/(?:btih|btmh)\/([^/]+)\//.exec(l)?.[1];E&&wt({hash:E,name:c.name.replace(/\.torrent$/i,""),href:l})}l&&(location.href=l)}addEventListener("dragover",o=>{o.preventDefault(),document.body.classList.add("drop")}),addEventListener("dragleave",o=>{o.relatedTarget||document.body.classList.remove("drop")}),addEventListener("drop",o=>{o.preventDefault(),document.body.classList.remove("drop");let l=[...o.dataTransfer?.files??[]],c=o.dataTransfer?.getData("text/uri-list")||o.dataTransfer?.getData("text/plain")||"";l.length?a(l):c&&(i.value=c.trim(),e.requestSubmit())}),addEventListener("paste",o=>{if(o.target instanceof HTMLInputElement)return;let l=[...o.clipboardData?.files??[]],c=o.clipboardData?.getData("text").trim()??"";l.length?a(l):c&&(i.value=c,yo(c)&&e.requestSubmit())})}var yo=t=>/^\s*(magnet:\?\S*xt=urn:bt|[0-9a-f]{40}\s*$|1220[0-9a-f]{64}\s*$|[a-z2-7]{32}\s*$|https?:\/\/\S+$)/i.test(t);function Rn(){let t=document.querySelector("#recent");if(!t)return;let e=zi();t.replaceChildren(),e.length&&t.append(u("div",{class:"row"},u("h2",null,"Opened lately in this browser"),u("button",{type:"button",class:"quiet",onclick:()=>{Mn(),Rn()}},"Forget all")),u("ul",{class:"cards"},...e.map(i=>u("li",null,u("a",{href:i.href},pe(i.name),u("small",null,_o((Date.now()-i.at)/1e3))),u("button",{type:"button",class:"quiet","aria-label":`Forget ${i.name}`,onclick:()=>{Mn(i.hash),Rn()}},"×")))))}async function Yi(t){let e=await fetch(H(t,t.base,"format=json"));if(!e.ok){let i=`${e.status} ${e.statusText}`;try{i=(await e.json()).detail??i}catch{}throw new Error(i)}return await e.json()}var Hl=/^(application\/x-subrip|text\/vtt|text\/x-ssa|application\/ttml)/,$l=/^audio\/(x-mpegurl|x-scpls)/;function oe(t){return Hl.test(t)?"subtitle":t.startsWith("video/")&&t!=="video/iso.segment"||/rn-realmedia|application\/mxf/.test(t)?"video":t.startsWith("audio/")&&!$l.test(t)?"audio":/^image\/(jpeg|png|apng|gif|webp|avif|bmp|svg)/.test(t)?"image":t.startsWith("text/")?"text":"other"}function be(t,e){let i=oe(e.type);return H(t,e.href,i==="video"||i==="audio"?"view=1":"")}var X=t=>t.path[t.path.length-1]??"",Fl=/(^|[^a-z])(sample|trailer|extras?|featurettes?|proof|rarbg)([^a-z]|$)/i,Qi=t=>Fl.test(t.path.slice(1).join("/"));function ko(t){let e=t.filter(r=>oe(r.type)==="video"&&!Qi(r)),i=e.reduce((r,n)=>Math.max(r,n.size),0);return e.find(r=>r.size>=i/3)??t.find(r=>oe(r.type)==="video")??t.find(r=>oe(r.type)==="audio")}function Io(t,e){let i=oe(e.type),r=e.path.slice(0,-1).join("/"),n=t.filter(a=>oe(a.type)===i&&a.path.slice(0,-1).join("/")===r);return n.length>1?n:t.filter(a=>oe(a.type)===i&&(a===e||!Qi(a)))}function Bl(t,e){let i=e[0]?.path.slice(0,-1)??[],r=t.filter(o=>oe(o.type)==="image"&&o.size<20<<20),n=o=>i.every((l,c)=>o.path[c]===l),a=o=>/^(cover|folder|front|album|albumart.*|.*front.*|.*cover.*)\.[a-z]+$/i.test(X(o));return r.find(o=>n(o)&&a(o))??r.find(a)??r.find(n)}function Zi(t,e,i,r){let n=Bl(e.files,i);return u("section",{class:"playlist album"},n?u("img",{src:H(t,n.href),alt:"",class:"cover",loading:"lazy"}):null,u("div",null,u("h2",null,"Tracks"),u("ol",null,...i.map(a=>u("li",null,u("a",{href:be(t,a),"aria-current":a===r?"true":void 0},De(a===r?ae.music:ae.play),pe(X(a).replace(/\.[^.]+$/,"")),u("small",null,qe(a.size))))))))}function Xi(t,e,i){let r=null,n=!1,a=0,o=()=>{if(r||n)return;r=new EventSource(H(t,e,"view=events"));let c=(g,m)=>r?.addEventListener(g,E=>m?.(JSON.parse(E.data)));c("status",i.status?.bind(i)),c("info",i.info?.bind(i)),c("failed",i.failed?.bind(i)),c("end",g=>{l(),n=!0,i.end?.(g)})},l=()=>{r?.close(),r=null};return document.addEventListener("visibilitychange",()=>{clearTimeout(a),document.hidden?a=window.setTimeout(l,3e4):o()}),addEventListener("pagehide",l),addEventListener("pageshow",c=>{c.persisted&&o()}),o(),()=>{n=!0,l()}}var Wl=60;function wo(t,e){let i=u("div",{class:"wall"}),r=u("dialog",{class:"large","aria-label":"Picture"}),n=u("img",{alt:""}),a=u("p"),o=0,l=m=>{o=(m+e.length)%e.length;let E=e[o];n.src=H(t,E.href),n.alt=X(E),a.replaceChildren(pe(X(E)),` (${o+1} of ${e.length})`),r.open||r.showModal()};r.append(n,u("div",{class:"row"},u("button",{type:"button",onclick:()=>l(o-1)},"← Previous"),a,u("button",{type:"button",onclick:()=>l(o+1)},"Next →"),u("button",{type:"button",onclick:()=>r.close()},"Close"))),r.addEventListener("keydown",m=>{m.key==="ArrowLeft"&&l(o-1),m.key==="ArrowRight"&&l(o+1)});let c=u("button",{type:"button"},"Show more"),g=()=>{let m=i.children.length;i.append(...e.slice(m,m+Wl).map((E,f)=>u("button",{type:"button",onclick:()=>l(m+f)},u("img",{src:H(t,E.href),alt:X(E),loading:"lazy",decoding:"async"})))),c.hidden=i.children.length===e.length};return c.addEventListener("click",g),g(),u("section",{class:"gallery"},u("h2",null,"Pictures"),i,c,r)}function Ji(){let t=u("div",{class:"strip",role:"img","aria-label":"What is here"});return t.hidden=!0,{element:t,draw(e){if(t.hidden=!e,!e)return;let i=[...e].filter(o=>o==="2").length,r=[...e].filter(o=>o!=="0").length;t.setAttribute("aria-label",i===e.length?"All of it is here":`${Math.round(100*i/e.length)} % of it is here${r>i?", and parts of more":""}`);let n={0:"transparent",1:"var(--some)",2:"var(--all)"},a=[...e.matchAll(/(.)\1*/g)].map(o=>`${n[o[1]]??"transparent"} ${100*o.index/e.length}% ${100*(o.index+o[0].length)/e.length}%`);t.style.backgroundImage=`linear-gradient(to right, ${a.join(", ")})`}}}function ji(t,e=""){let i=[];if(t.map){let r=[...t.map].filter(n=>n==="2").length;i.push(r===t.map.length?`all ${e||"of it"} is here`:`${Math.floor(100*r/t.map.length)} % ${e?e+" ":""}here`)}return t.connected?i.push(`${le(t.connected,"peer")}${t.seeds?` (${t.seeds} with all of it)`:""}`):t.known&&i.push(`${le(t.known,"peer")} known, none connected`),t.down&&i.push(`↓ ${kn(t.down)}`),t.up&&i.push(`↑ ${kn(t.up)}`),i.join(" · ")}function Lo(t){return t.ready?t.connected?t.unchoked?"data from peers":"a peer to let us download":t.known||t.dialing?"a peer to connect to":"peers to be found":t.metadata_size?`the list of files (${Math.floor(100*(t.metadata_have??0)/t.metadata_size)} % of it is here)`:t.metadata_peers||t.connected?"the list of files from peers":t.known?"a peer to connect to":"peers to be found"}function Mo(){let t={},e=u("ul",{class:"steps"}),i=(r,n,a)=>{let o=t[r];o||(o=t[r]=u("li"),e.append(o)),o.textContent!==n&&(o.textContent=n),o.className=a};return{element:e,show(r){let n=r.trackers_asked-r.trackers_failed;i("trackers",r.trackers===0?"No tracker is named by the link":`${r.trackers_asked} of ${le(r.trackers,"tracker")} asked${n>0?`, ${n} answered`:""}${r.trackers_failed?`, ${r.trackers_failed} failed`:""}`,r.trackers===0?"":n>0?"done":r.trackers_failed>=r.trackers?"bad":"now"),i("dht",r.dht_answers?`${le(r.dht_answers,"node")} of the DHT answered`:"Nodes of the DHT are being asked",r.dht_answers?"done":"now"),i("peers",r.known?`${le(r.known,"peer")} found`:"No peer found so far",r.known?"done":"now"),i("connected",r.connected?`${le(r.connected,"peer")} connected`:r.dialing?`${le(r.dialing,"peer")} being connected to`:"None connected so far",r.connected?"done":r.dialing?"now":""),i("metadata",r.ready?"The list of files is here":r.metadata_size?`The list of files is coming: ${Math.floor(100*(r.metadata_have??0)/r.metadata_size)} %`:r.metadata_peers?`${le(r.metadata_peers,"peer")} with the list of files`:"The list of files has not come yet",r.ready?"done":r.metadata_peers?"now":"")}}}var er=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},tr=class extends er{},ir=class extends tr{constructor(){super(...arguments),this.role=null}},Dn=class{observe(){}unobserve(){}disconnect(){}},Ro={createElement:function(){return new si.HTMLElement},createElementNS:function(){return new si.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},si={ResizeObserver:Dn,document:Ro,Node:tr,Element:ir,HTMLElement:class extends ir{constructor(){super(...arguments),this.innerHTML=""}get content(){return new si.DocumentFragment}},DocumentFragment:class extends er{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},Do="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Co=Object.keys(si).every(t=>t in globalThis),d=Do&&!Co?si:globalThis,Y=Do&&!Co?Ro:globalThis.document;var b={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},R={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},Cn={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},xo=Object.entries(Cn),s=xo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),Vl={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},dt=xo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...Vl}),Vu=Object.entries(dt).reduce((t,[e,i])=>{let r=s[e];return r&&(t[i]=r),t},{userinactivechange:"userinactive"}),Oo=Object.entries(s).reduce((t,[e,i])=>{let r=dt[e];return r&&(t[i]=r),t},{userinactive:"userinactivechange"}),ce={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},ze={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var rr={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},ue={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},fe={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Po={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var Uo=new WeakMap,xn=t=>{let e=Uo.get(t);return e||Uo.set(t,e=new Set),e},No=new d.ResizeObserver(t=>{for(let e of t)for(let i of xn(e.target))i(e)});function nr(t,e){xn(t).add(e),No.observe(t)}function ar(t,e){let i=xn(t);i.delete(e),i.size||No.unobserve(t)}function Q(t){let e={};for(let i of t)e[i.name]=i.value;return e}function Ho(t){var e;return(e=Kl(t))!=null?e:Ye(t,"media-controller")}function Kl(t){var e;let{MEDIA_CONTROLLER:i}=R,r=t.getAttribute(i);if(r)return(e=ql(t))==null?void 0:e.getElementById(r)}var or=(t,e,i=".value")=>{let r=t.querySelector(i);r&&(r.textContent=e)},Gl=(t,e)=>{let i=`slot[name="${e}"]`,r=t.shadowRoot.querySelector(i);return r?r.children:[]},sr=(t,e)=>Gl(t,e)[0],Ce=(t,e)=>!t||!e?!1:t?.contains(e)?!0:Ce(t,e.getRootNode().host),Ye=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||Ye(t.getRootNode().host,e)};function On(t=document){var e;let i=t?.activeElement;return i?(e=On(i.shadowRoot))!=null?e:i:null}function ql(t){var e;let i=(e=t?.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function lr(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:r=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:r});let n=t;for(;n&&e>0;){let a=getComputedStyle(n);if(i&&a.opacity==="0"||r&&a.visibility==="hidden"||a.display==="none")return!1;n=n.parentElement,e--}return!0}function $o(t,e,i,r){let n=r.x-i.x,a=r.y-i.y,o=n*n+a*a;if(o===0)return 0;let l=((t-i.x)*n+(e-i.y)*a)/o;return Math.max(0,Math.min(1,l))}function N(t,e){let i=zl(t,r=>r===e);return i||Pn(t,e)}function zl(t,e){var i,r;let n;for(n of(i=t.querySelectorAll("style:not([media])"))!=null?i:[]){let a;try{a=(r=n.sheet)==null?void 0:r.cssRules}catch{continue}for(let o of a??[])if(e(o.selectorText))return o}}function Pn(t,e){var i,r;let n=(i=t.querySelectorAll("style:not([media])"))!=null?i:[],a=n?.[n.length-1];if(!a?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",t),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let o=a?.sheet.insertRule(`${e}{}`,a.sheet.cssRules.length);return(r=a.sheet.cssRules)==null?void 0:r[o]}function $(t,e,i=Number.NaN){let r=t.getAttribute(e);return r!=null?+r:i}function K(t,e,i){let r=+i;if(i==null||Number.isNaN(r)){t.hasAttribute(e)&&t.removeAttribute(e);return}$(t,e,void 0)!==r&&t.setAttribute(e,`${r}`)}function w(t,e){return t.hasAttribute(e)}function L(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}w(t,e)!=i&&t.toggleAttribute(e,i)}function O(t,e,i=null){var r;return(r=t.getAttribute(e))!=null?r:i}function x(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let r=`${i}`;O(t,e,void 0)!==r&&t.setAttribute(e,r)}var Fo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Se=(t,e,i)=>(Fo(t,e,"read from private field"),i?i.call(t):e.get(t)),Yl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},dr=(t,e,i,r)=>(Fo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),re;function Ql(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Mt=class extends d.HTMLElement{constructor(){if(super(),Yl(this,re,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PAUSED]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Se(this,re))==null?void 0:n.unassociateElement)==null||a.call(n,this),dr(this,re,null)),r&&this.isConnected&&(dr(this,re,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Se(this,re))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),dr(this,re,Zl(this)),this.getAttribute(R.MEDIA_CONTROLLER)&&((i=(e=Se(this,re))==null?void 0:e.associateElement)==null||i.call(e,this)),Se(this,re)&&(Se(this,re).addEventListener("pointerdown",this),Se(this,re).addEventListener("click",this),Se(this,re).hasAttribute("tabindex")||(Se(this,re).tabIndex=0))}disconnectedCallback(){var e,i,r,n;this.getAttribute(R.MEDIA_CONTROLLER)&&((i=(e=Se(this,re))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(r=Se(this,re))==null||r.removeEventListener("pointerdown",this),(n=Se(this,re))==null||n.removeEventListener("click",this),dr(this,re,null)}handleEvent(e){var i;let r=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(r?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:a,clientY:o}=e,{left:l,top:c,width:g,height:m}=this.getBoundingClientRect(),E=a-l,f=o-c;if(E<0||f<0||E>g||f>m||g===0&&m===0)return;let v=this._pointerType||"mouse";if(this._pointerType=void 0,v===rr.TOUCH){this.handleTap(e);return}else if(v===rr.MOUSE||v===rr.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return w(this,s.MEDIA_PAUSED)}set mediaPaused(e){L(this,s.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?b.MEDIA_PLAY_REQUEST:b.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(i,{composed:!0,bubbles:!0}))}};re=new WeakMap;Mt.shadowRootOptions={mode:"open"};Mt.getTemplateHTML=Ql;function Zl(t){var e;let i=t.getAttribute(R.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):Ye(t,"media-controller")}d.customElements.get("media-gesture-receiver")||d.customElements.define("media-gesture-receiver",Mt);var Un=Mt;var Bo={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var Wo,li={en:Bo},Rt=((Wo=globalThis.navigator)==null?void 0:Wo.language)||"en",Vo=t=>{Rt=t};var Xl=t=>{var e,i,r;let[n]=Rt.split("-");return((e=li[Rt])==null?void 0:e[t])||((i=li[n])==null?void 0:i[t])||((r=li.en)==null?void 0:r[t])||t},Ko=()=>{let[t]=Rt.split("-");return li[Rt]?Rt:li[t]?t:"en"},y=(t,e={})=>Xl(t).replace(/\{(\w+)\}/g,(i,r)=>r in e?String(e[r]):`{${r}}`);var Fn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},G=(t,e,i)=>(Fn(t,e,"read from private field"),i?i.call(t):e.get(t)),de=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ke=(t,e,i,r)=>(Fn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ie=(t,e,i)=>(Fn(t,e,"access private method"),i),di,hr,Dt,Ot,xt,Nn,Ct,cr,Hn,Go,$n,qo,ci,mr,pr,Bn,Pt,ui,Qe,ur,I={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Jl(t){return`
    <style>
      
      :host([${s.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${I.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${I.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${I.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${I.AUDIO}])[${I.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${I.AUDIO}])[${I.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${I.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${I.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${I.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${I.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${I.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${I.USER_INACTIVE}]:not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_AIRPLAYING}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${I.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${I.USER_INACTIVE}]:not([${I.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${I.USER_INACTIVE}][${I.AUTOHIDE_OVER_CONTROLS}]:not([${I.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${I.AUDIO}])[${s.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${I.AUDIO}])[${s.MEDIA_STREAM_TYPE}="${fe.ON_DEMAND}"][${s.MEDIA_CURRENT_TIME}]:not([${s.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${Un.shadowRootOptions.mode}">
          ${Un.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var jl=Object.values(s),ed="sm:384 md:576 lg:768 xl:960";function td(t){zo(t.target,t.contentRect.width)}function zo(t,e){var i;if(!t.isConnected)return;let r=(i=t.getAttribute(I.BREAKPOINTS))!=null?i:ed,n=id(r),a=rd(n,e),o=!1;if(Object.keys(n).forEach(l=>{if(a.includes(l)){t.hasAttribute(`breakpoint${l}`)||(t.setAttribute(`breakpoint${l}`,""),o=!0);return}t.hasAttribute(`breakpoint${l}`)&&(t.removeAttribute(`breakpoint${l}`),o=!0)}),o){let l=new CustomEvent(dt.BREAKPOINTS_CHANGE,{detail:a});t.dispatchEvent(l)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(dt.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function id(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function rd(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var ct=class extends d.HTMLElement{constructor(){if(super(),de(this,Hn),de(this,$n),de(this,ci),de(this,pr),de(this,Pt),de(this,di,void 0),de(this,hr,0),de(this,Dt,null),de(this,Ot,null),de(this,xt,void 0),this.breakpointsComputed=!1,de(this,Nn,e=>{let i=this.media;for(let r of e){if(r.type!=="childList")continue;let n=r.removedNodes;for(let a of n){if(a.slot!="media"||r.target!=this)continue;let o=r.previousSibling&&r.previousSibling.previousElementSibling;if(!o||!i)this.mediaUnsetCallback(a);else{let l=o.slot!=="media";for(;(o=o.previousSibling)!==null;)o.slot=="media"&&(l=!1);l&&this.mediaUnsetCallback(a)}}if(i)for(let a of r.addedNodes)a===i&&this.handleMediaUpdated(i)}}),de(this,Ct,!1),de(this,cr,e=>{G(this,Ct)||(setTimeout(()=>{td(e),ke(this,Ct,!1)},0),ke(this,Ct,!0))}),de(this,Qe,void 0),de(this,ur,()=>{if(!G(this,Qe).assignedElements({flatten:!0}).length){G(this,Dt)&&this.mediaUnsetCallback(G(this,Dt));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}ke(this,di,new MutationObserver(G(this,Nn)))}static get observedAttributes(){return[I.AUTOHIDE,I.GESTURES_DISABLED].concat(jl).filter(e=>![s.MEDIA_RENDITION_LIST,s.MEDIA_AUDIO_TRACK_LIST,s.MEDIA_CHAPTERS_CUES,s.MEDIA_WIDTH,s.MEDIA_HEIGHT,s.MEDIA_ERROR,s.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,r){e.toLowerCase()==I.AUTOHIDE&&(this.autohide=r)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(ke(this,Dt,e),e.localName.includes("-")&&await d.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;G(this,di).observe(this,{childList:!0,subtree:!0}),nr(this,G(this,cr));let r=this.getAttribute(I.AUDIO)!=null?y("audio player"):y("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",r),this.handleMediaUpdated(this.media),this.setAttribute(I.USER_INACTIVE,""),zo(this,this.getBoundingClientRect().width);let n=this.querySelector(":scope > slot[slot=media]");n&&(ke(this,Qe,n),G(this,Qe).addEventListener("slotchange",G(this,ur))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=d.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;ar(this,G(this,cr)),clearTimeout(G(this,Ot)),G(this,di).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=d.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),G(this,Qe)&&(G(this,Qe).removeEventListener("slotchange",G(this,ur)),ke(this,Qe,null)),ke(this,Ct,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){ke(this,Dt,null)}handleEvent(e){switch(e.type){case"pointerdown":ke(this,hr,e.timeStamp);break;case"pointermove":Ie(this,Hn,Go).call(this,e);break;case"pointerup":Ie(this,$n,qo).call(this,e);break;case"mouseleave":Ie(this,ci,mr).call(this);break;case"mouseup":this.removeAttribute(I.KEYBOARD_CONTROL);break;case"keyup":Ie(this,Pt,ui).call(this),this.setAttribute(I.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);ke(this,xt,isNaN(i)?0:i)}get autohide(){return(G(this,xt)===void 0?2:G(this,xt)).toString()}get breakpoints(){return O(this,I.BREAKPOINTS)}set breakpoints(e){x(this,I.BREAKPOINTS,e)}get audio(){return w(this,I.AUDIO)}set audio(e){L(this,I.AUDIO,e)}get gesturesDisabled(){return w(this,I.GESTURES_DISABLED)}set gesturesDisabled(e){L(this,I.GESTURES_DISABLED,e)}get keyboardControl(){return w(this,I.KEYBOARD_CONTROL)}set keyboardControl(e){L(this,I.KEYBOARD_CONTROL,e)}get noAutohide(){return w(this,I.NO_AUTOHIDE)}set noAutohide(e){L(this,I.NO_AUTOHIDE,e)}get autohideOverControls(){return w(this,I.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){L(this,I.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return w(this,I.USER_INACTIVE)}set userInteractive(e){L(this,I.USER_INACTIVE,e)}};di=new WeakMap;hr=new WeakMap;Dt=new WeakMap;Ot=new WeakMap;xt=new WeakMap;Nn=new WeakMap;Ct=new WeakMap;cr=new WeakMap;Hn=new WeakSet;Go=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-G(this,hr)<250)return;Ie(this,pr,Bn).call(this),clearTimeout(G(this,Ot));let e=this.hasAttribute(I.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&Ie(this,Pt,ui).call(this)};$n=new WeakSet;qo=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(I.USER_INACTIVE);[this,this.media].includes(t.target)&&e?Ie(this,ci,mr).call(this):Ie(this,Pt,ui).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&Ie(this,Pt,ui).call(this)};ci=new WeakSet;mr=function(){if(G(this,xt)<0||this.hasAttribute(I.USER_INACTIVE))return;this.setAttribute(I.USER_INACTIVE,"");let t=new d.CustomEvent(dt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};pr=new WeakSet;Bn=function(){if(!this.hasAttribute(I.USER_INACTIVE))return;this.removeAttribute(I.USER_INACTIVE);let t=new d.CustomEvent(dt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};Pt=new WeakSet;ui=function(){Ie(this,pr,Bn).call(this),clearTimeout(G(this,Ot));let t=parseInt(this.autohide);t<0||ke(this,Ot,setTimeout(()=>{Ie(this,ci,mr).call(this)},t*1e3))};Qe=new WeakMap;ur=new WeakMap;ct.shadowRootOptions={mode:"open"};ct.getTemplateHTML=Jl;d.customElements.get("media-container")||d.customElements.define("media-container",ct);var Yn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ht=(t,e,i)=>(Yn(t,e,"read from private field"),i?i.call(t):e.get(t)),Ve=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Qn=(t,e,i,r)=>(Yn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ut=(t,e,i)=>(Yn(t,e,"access private method"),i),vr,mi,mt,fr,Wn,Vn,Yo,Kn,Qo,Gn,Zo,qn,Xo,zn,Jo;function nd(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function ad(t){return`
    <slot id="content"></slot>
  `}var hi={OPEN:"open",ANCHOR:"anchor"},Ze=class extends d.HTMLElement{constructor(){super(),Ve(this,fr),Ve(this,Vn),Ve(this,Kn),Ve(this,Gn),Ve(this,qn),Ve(this,zn),Ve(this,vr,!1),Ve(this,mi,null),Ve(this,mt,null)}static get observedAttributes(){return[hi.OPEN,hi.ANCHOR]}get open(){return w(this,hi.OPEN)}set open(e){L(this,hi.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":ut(this,Gn,Zo).call(this,e);break;case"focusout":ut(this,qn,Xo).call(this,e);break;case"keydown":ut(this,zn,Jo).call(this,e);break}}connectedCallback(){ut(this,fr,Wn).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,r){ut(this,fr,Wn).call(this),e===hi.OPEN&&r!==i&&(this.open?ut(this,Vn,Yo).call(this):ut(this,Kn,Qo).call(this))}focus(){Qn(this,mi,On());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let r=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');r?.focus()}get keysUsed(){return["Escape","Tab"]}};vr=new WeakMap;mi=new WeakMap;mt=new WeakMap;fr=new WeakSet;Wn=function(){if(!ht(this,vr)&&(Qn(this,vr,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(t),queueMicrotask(()=>{let{style:e}=N(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};Vn=new WeakSet;Yo=function(){var t;(t=ht(this,mt))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};Kn=new WeakSet;Qo=function(){var t;(t=ht(this,mt))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};Gn=new WeakSet;Zo=function(t){Qn(this,mt,t.relatedTarget),Ce(this,t.relatedTarget)||(this.open=!this.open)};qn=new WeakSet;Xo=function(t){var e;Ce(this,t.relatedTarget)||((e=ht(this,mi))==null||e.focus(),ht(this,mt)&&ht(this,mt)!==t.relatedTarget&&this.open&&(this.open=!1))};zn=new WeakSet;Jo=function(t){var e,i,r,n,a;let{key:o,ctrlKey:l,altKey:c,metaKey:g}=t;l||c||g||this.keysUsed.includes(o)&&(t.preventDefault(),t.stopPropagation(),o==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(n=(r=this.nextElementSibling)==null?void 0:r.focus)==null||n.call(r),this.blur()):o==="Escape"&&((a=ht(this,mi))==null||a.focus(),this.open=!1))};Ze.shadowRootOptions={mode:"open"};Ze.getTemplateHTML=nd;Ze.getSlotTemplateHTML=ad;d.customElements.get("media-chrome-dialog")||d.customElements.define("media-chrome-dialog",Ze);var od=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Xe=(t,e,i)=>(od(t,e,"read from private field"),i?i.call(t):e.get(t)),jo=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ut,Nt,pi={HOTKEYS:"hotkeys"},sd=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"←"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"→"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"↑"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"↓"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function gr(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function ld(t){let e=new Set(t?.split(/\s+/));return sd.map(({keys:i,description:r})=>({keys:i.filter(({key:n})=>!e.has(gr(n))),description:r})).filter(({keys:i})=>i.length)}function dd(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${es(t[pi.HOTKEYS])}
    </slot>
  `}function es(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${ld(t).map(({keys:i,description:r})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:a,label:o=a},l)=>l>0?`<span class="key-separator">or</span><span class="key">${o}</span>`:`<span class="key">${o}</span>`).join("")}</div>
          </td>
          <td class="description">${r}</td>
        </tr>
      `).join("")}</table>
  `}var Er=class extends Ze{constructor(){super(...arguments),jo(this,Ut,e=>{var i;if(!this.open)return;let r=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!r)return;let n=e.composedPath(),a=n[0]===this||n.includes(this),o=n.includes(r);a&&!o&&(this.open=!1)}),jo(this,Nt,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,pi.HOTKEYS]}get hotkeys(){var e;return(e=O(this,pi.HOTKEYS))!=null?e:void 0}set hotkeys(e){x(this,pi.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",Xe(this,Ut)),document.addEventListener("keydown",Xe(this,Nt)))}disconnectedCallback(){this.removeEventListener("click",Xe(this,Ut)),document.removeEventListener("keydown",Xe(this,Nt))}attributeChangedCallback(e,i,r){var n;if(super.attributeChangedCallback(e,i,r),e==="open")this.open?(this.addEventListener("click",Xe(this,Ut)),document.addEventListener("keydown",Xe(this,Nt))):(this.removeEventListener("click",Xe(this,Ut)),document.removeEventListener("keydown",Xe(this,Nt)));else if(e===pi.HOTKEYS&&r!==i){let a=(n=this.shadowRoot)==null?void 0:n.querySelector("#content");a&&(a.innerHTML=es(r))}}};Ut=new WeakMap;Nt=new WeakMap;Er.getSlotTemplateHTML=dd;d.customElements.get("media-keyboard-shortcuts-dialog")||d.customElements.define("media-keyboard-shortcuts-dialog",Er);var ts=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},te=(t,e,i)=>(ts(t,e,"read from private field"),i?i.call(t):e.get(t)),fi=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},br=(t,e,i,r)=>(ts(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ht,$t,_r,pt,Ke,Je,Ar=class{constructor(e,i,{defaultValue:r}={defaultValue:void 0}){fi(this,Ke),fi(this,Ht,void 0),fi(this,$t,void 0),fi(this,_r,void 0),fi(this,pt,new Set),br(this,Ht,e),br(this,$t,i),br(this,_r,new Set(r))}[Symbol.iterator](){return te(this,Ke,Je).values()}get length(){return te(this,Ke,Je).size}get value(){var e;return(e=[...te(this,Ke,Je)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(br(this,pt,new Set),this.add(...(i=e?.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...te(this,Ke,Je)][e]}values(){return te(this,Ke,Je).values()}forEach(e,i){te(this,Ke,Je).forEach(e,i)}add(...e){var i,r;e.forEach(n=>te(this,pt).add(n)),!(this.value===""&&!((i=te(this,Ht))!=null&&i.hasAttribute(`${te(this,$t)}`)))&&((r=te(this,Ht))==null||r.setAttribute(`${te(this,$t)}`,`${this.value}`))}remove(...e){var i;e.forEach(r=>te(this,pt).delete(r)),(i=te(this,Ht))==null||i.setAttribute(`${te(this,$t)}`,`${this.value}`)}contains(e){return te(this,Ke,Je).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};Ht=new WeakMap;$t=new WeakMap;_r=new WeakMap;pt=new WeakMap;Ke=new WeakSet;Je=function(){return te(this,pt).size?te(this,pt):te(this,_r)};function is(t){return t?.map(cd).join(" ")}function cd(t){if(t){let{id:e,width:i,height:r}=t;return[e,i,r].filter(n=>n!=null).join(":")}}function rs(t){return t?.map(ud).join(" ")}function ud(t){if(t){let{id:e,kind:i,language:r,label:n}=t;return[e,i,r,n].filter(a=>a!=null).join(":")}}function Ft(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var Tr=t=>new Promise(e=>setTimeout(e,t));var hd=(t="")=>t.split(/\s+/),ns=(t="")=>{let[e,i,r]=t.split(":"),n=r?decodeURIComponent(r):void 0;return{kind:e==="cc"?ce.CAPTIONS:ce.SUBTITLES,language:i,label:n}},Zn=(t="",e={})=>hd(t).map(i=>{let r=ns(i);return{...e,...r}}),Xn=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?ns(e):e):typeof t=="string"?Zn(t):[t]:[],md=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,vi=(t=[])=>Array.prototype.map.call(t,md).join(" "),pd=(t,e)=>i=>i[t]===e,as=t=>{let e=Object.entries(t).map(([i,r])=>pd(i,r));return i=>e.every(r=>r(i))},ft=(t,e=[],i=[])=>{let r=Xn(i).map(as),n=a=>r.some(o=>o(a));Array.from(e).filter(n).forEach(a=>{a.mode=t})},vt=(t,e=()=>!0)=>{if(!t?.textTracks)return[];let i=typeof e=="function"?e:as(e);return Array.from(t.textTracks).filter(i)},os=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(s.MEDIA_SUBTITLES_SHOWING)};var ls=t=>{var e;let{media:i,fullscreenElement:r}=t;try{let n=r&&"requestFullscreen"in r?"requestFullscreen":r&&"webkitRequestFullScreen"in r?"webkitRequestFullScreen":void 0;if(n){let a=(e=r[n])==null?void 0:e.call(r);if(a instanceof Promise)return a.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(n){console.error(n)}},ss="exitFullscreen"in Y?"exitFullscreen":"webkitExitFullscreen"in Y?"webkitExitFullscreen":"webkitCancelFullScreen"in Y?"webkitCancelFullScreen":void 0,ds=t=>{var e;let{documentElement:i}=t;if(ss){let r=(e=i?.[ss])==null?void 0:e.call(i);if(r instanceof Promise)return r.catch(()=>{})}},Ei="fullscreenElement"in Y?"fullscreenElement":"webkitFullscreenElement"in Y?"webkitFullscreenElement":void 0,fd=t=>{let{documentElement:e,media:i}=t,r=e?.[Ei];return!r&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Po.FULLSCREEN?i:r},cs=t=>{var e;let{media:i,documentElement:r,fullscreenElement:n=i}=t;if(!i||!r)return!1;let a=fd(t);if(!a)return!1;if(a===n||a===i)return!0;if(a.localName.includes("-")){let o=a.shadowRoot;if(!(Ei in o))return Ce(a,n);for(;o?.[Ei];){if(o[Ei]===n)return!0;o=(e=o[Ei])==null?void 0:e.shadowRoot}}return!1},vd="fullscreenEnabled"in Y?"fullscreenEnabled":"webkitFullscreenEnabled"in Y?"webkitFullscreenEnabled":void 0,us=t=>{let{documentElement:e,media:i}=t;return!!e?.[vd]||i&&"webkitSupportsFullscreen"in i};var yr,Jn=()=>{var t,e;return yr||(yr=(e=(t=Y)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),yr)},hs=async(t=Jn())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,r=await Promise.race([Ed(t,i.signal),gd(t,e)]);return i.abort(),r},Ed=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),gd=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await Tr(10)}return t.volume!==e},bd=/.*Version\/.*Safari\/.*/.test(d.navigator.userAgent),jn=(t=Jn())=>d.matchMedia("(display-mode: standalone)").matches&&bd?!1:typeof t?.requestPictureInPicture=="function",ea=(t=Jn())=>us({documentElement:Y,media:t}),ms=ea(),ps=jn(),fs=!!d.WebKitPlaybackTargetAvailabilityEvent,vs=!!d.chrome;var Bt=t=>vt(t.media,e=>[ce.SUBTITLES,ce.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),ta=t=>vt(t.media,e=>e.mode===ze.SHOWING&&[ce.SUBTITLES,ce.CAPTIONS].includes(e.kind)),Sr=(t,e)=>{let i=Bt(t),r=ta(t),n=!!r.length;if(i.length){if(e===!1||n&&e!==!0)ft(ze.DISABLED,i,r);else if(e===!0||!n&&e!==!1){let a=i[0],{options:o}=t;if(!o?.noSubtitlesLangPref){let m=d.localStorage.getItem("media-chrome-pref-subtitles-lang"),E=m?[m,...d.navigator.languages]:d.navigator.languages,f=i.filter(v=>E.some(_=>v.language.toLowerCase().startsWith(_.split("-")[0]))).sort((v,_)=>{let A=E.findIndex(h=>v.language.toLowerCase().startsWith(h.split("-")[0])),S=E.findIndex(h=>_.language.toLowerCase().startsWith(h.split("-")[0]));return A-S});f[0]&&(a=f[0])}let{language:l,label:c,kind:g}=a;ft(ze.DISABLED,i,r),ft(ze.SHOWING,i,[{language:l,label:c,kind:g}])}}},kr=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?_d(t,e):Object.entries(t).every(([i,r])=>i in e&&kr(r,e[i])),_d=(t,e)=>{let i=Array.isArray(t),r=Array.isArray(e);return i!==r?!1:i||r?t.length!==e.length?!1:t.every((n,a)=>kr(n,e[a])):!0};var Ad=Object.values(fe),Ir,Td=hs().then(t=>(Ir=t,Ir)),Es=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof d.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let r=d.customElements.get(i);r&&e instanceof r||(await d.customElements.whenDefined(i),d.customElements.upgrade(e))}))},yd=new d.DOMParser,Sd=t=>t&&(yd.parseFromString(t,"text/html").body.textContent||t),Wt={mediaError:{get(t,e){let{media:i}=t;if(e?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:r}=t;if(e?.type!=="playing")return(i=r?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,r;let{media:n}=t;if(e?.type!=="playing")return(r=(i=n?.error)==null?void 0:i.message)!=null?r:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i?.paused)!=null?e:!0},set(t,e){var i;let{media:r}=e;r&&(t?r.pause():(i=r.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i?.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i?.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:r}={}}=e;if(i){i.muted=t;try{let n=d.localStorage.getItem("media-chrome-pref-muted")!==null,a=i.hasAttribute("muted");if(r){n&&d.localStorage.removeItem("media-chrome-pref-muted");return}if(a&&!n)return;d.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(n){console.debug("Error setting muted pref",n)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:r}=e;if(!(!r||r.muted||i))try{let n=d.localStorage.getItem("media-chrome-pref-muted")==="true";Wt.mediaMuted.set(n,e),t(n)}catch(n){console.debug("Error getting muted pref",n)}}]},mediaLoop:{get(t){let{media:e}=t;return e?.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i?.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:r}={}}=e;if(i){try{t==null?d.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!r&&d.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(n){console.debug("Error setting volume pref",n)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:r}=e;if(!r)return;let n=d.localStorage.getItem("media-chrome-pref-volume");if(n==null)return;Wt.mediaVolume.set(+n,e),t(+n)}catch(r){console.debug("Error getting volume pref",r)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i?.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!Ft(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i?.seekable)!=null&&e.length))return;let r=i.seekable.start(0),n=i.seekable.end(i.seekable.length-1);if(!(!r&&!n))return[Number(r.toFixed(3)),Number(n.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,r=(e=i?.buffered)!=null?e:[];return Array.from(r).map((n,a)=>[Number(r.start(a).toFixed(3)),Number(r.end(a).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,r=[fe.LIVE,fe.ON_DEMAND].includes(i)?i:void 0;if(!e)return r;let{streamType:n}=e;if(Ad.includes(n))return n===fe.UNKNOWN?r:n;let a=e.duration;return a===1/0?fe.LIVE:Number.isFinite(a)?fe.ON_DEMAND:r},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,r=Wt.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&r===fe.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(Wt.mediaStreamType.get(t)===fe.LIVE))return!1;let n=e.seekable;if(!n)return!0;if(!n.length)return!1;let a=n.end(n.length-1)-i;return e.currentTime>=a},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return Bt(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return ta(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,r;let{media:n,options:a}=e;if(!n)return;let o=l=>{var c;!a.defaultSubtitles||l&&![ce.CAPTIONS,ce.SUBTITLES].includes((c=l?.track)==null?void 0:c.kind)||Sr(e,!0)};return n.addEventListener("loadstart",o),(i=n.textTracks)==null||i.addEventListener("addtrack",o),(r=n.textTracks)==null||r.addEventListener("removetrack",o),()=>{var l,c;n.removeEventListener("loadstart",o),(l=n.textTracks)==null||l.removeEventListener("addtrack",o),(c=n.textTracks)==null||c.removeEventListener("removetrack",o)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[r]=vt(i,{kind:ce.CHAPTERS});return Array.from((e=r?.cues)!=null?e:[]).map(({text:n,startTime:a,endTime:o})=>({text:Sd(n),startTime:a,endTime:o}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;if(!r)return;let n=r.querySelector('track[kind="chapters"][default][src]'),a=(i=r.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return n?.addEventListener("load",t),a?.addEventListener("load",t),()=>{n?.removeEventListener("load",t),a?.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:r,documentElement:n}=t;if(!r||!n||!n.pictureInPictureElement)return!1;if(n.pictureInPictureElement===r)return!0;if(n.pictureInPictureElement instanceof HTMLMediaElement)return(e=r.localName)!=null&&e.includes("-")?Ce(r,n.pictureInPictureElement):!1;if(n.pictureInPictureElement.localName.includes("-")){let a=n.pictureInPictureElement.shadowRoot;for(;a?.pictureInPictureElement;){if(a.pictureInPictureElement===r)return!0;a=(i=a.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!Y.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let r=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(n=>{if(n.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let a=()=>{i.removeEventListener("loadedmetadata",o),i.preload="none"},o=()=>{i.requestPictureInPicture().catch(r),a()};i.addEventListener("loadedmetadata",o),i.preload="metadata",setTimeout(()=>{i.readyState===0&&r(),a()},1e3)}else throw n}else throw n})}else Y.pictureInPictureElement&&Y.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i?.videoRenditions)!=null?e:[]].map(r=>({...r}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,r;let{media:n}=t;return(r=(i=n?.videoRenditions)==null?void 0:i[(e=n.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:r.id},set(t,e){let{media:i}=e;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let r=t,n=Array.prototype.findIndex.call(i.videoRenditions,a=>a.id==r);i.videoRenditions.selectedIndex!=n&&(i.videoRenditions.selectedIndex=n)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:r}=t;return(i=[...(e=r?.audioTracks)!=null?e:[]].find(n=>n.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let r=t;for(let n of i.audioTracks)n.enabled=r==n.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return cs(t)},set(t,e,i){var r,n;t?(ls(e),i.detail&&!((r=e.media)!=null&&r.inert)&&((n=e.media)==null||n.focus())):ds(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!i?.remote||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,r;let{media:n}=e;if(n&&!(t&&((i=n.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((r=n.remote)==null?void 0:r.state)!=="connected")){if(typeof n.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}n.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&d.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!ms||!ea(e))return ue.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!ps||!jn(e))return ue.UNSUPPORTED;if(e?.disablePictureInPicture)return ue.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(Ir===!1||e?.volume==null)return ue.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{Ir==null&&Td.then(e=>t(e?void 0:ue.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:r}=t;if(!vs||!((i=r?.remote)!=null&&i.state))return ue.UNSUPPORTED;if(!(e==null||e==="available"))return ue.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!fs)return ue.UNSUPPORTED;if(e?.availability==="not-available")return ue.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!i?.videoRenditions)return ue.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return ue.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:r}=t;if(!r?.audioTracks)return ue.UNSUPPORTED;if(((i=(e=r.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return ue.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var gs={[b.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var r,n,a;let{media:o}=e,l=i??void 0,c,g;if(o&&l!=null){let[v]=vt(o,{kind:ce.METADATA,label:"thumbnails"}),_=Array.prototype.find.call((r=v?.cues)!=null?r:[],(A,S,h)=>S===0?A.endTime>l:S===h.length-1?A.startTime<=l:A.startTime<=l&&A.endTime>l);if(_){let A=/'^(?:[a-z]+:)?\/\//i.test(_.text)||(n=o?.querySelector('track[label="thumbnails"]'))==null?void 0:n.src,S=new URL(_.text,A);g=new URLSearchParams(S.hash).get("#xywh").split(",").map(M=>+M),c=S.href}}let m=t.mediaDuration.get(e),f=(a=t.mediaChaptersCues.get(e).find((v,_,A)=>_===A.length-1&&m===v.endTime?v.startTime<=l&&v.endTime>=l:v.startTime<=l&&v.endTime>l))==null?void 0:a.text;return i!=null&&f==null&&(f=""),{mediaPreviewTime:l,mediaPreviewImage:c,mediaPreviewCoords:g,mediaPreviewChapter:f}},[b.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[b.MEDIA_PLAY_REQUEST](t,e){var i,r,n,a;let o="mediaPaused",c=t.mediaStreamType.get(e)===fe.LIVE,g=!((i=e.options)!=null&&i.noAutoSeekToLive),m=t.mediaTargetLiveWindow.get(e)>0;if(c&&g&&!m){let E=(r=t.mediaSeekable.get(e))==null?void 0:r[1];if(E){let f=(a=(n=e.options)==null?void 0:n.seekToLiveOffset)!=null?a:0,v=E-f;t.mediaCurrentTime.set(v,e)}}t[o].set(!1,e)},[b.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let r="mediaPlaybackRate",n=i;t[r].set(n,e)},[b.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[b.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[b.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let r="mediaLoop",n=!!i;return t[r].set(n,e),{mediaLoop:n}},[b.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let r="mediaVolume",n=i;n&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[r].set(n,e)},[b.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let r="mediaCurrentTime",n=i;t[r].set(n,e)},[b.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,r,n;let a="mediaCurrentTime",o=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(o)))return;let l=(n=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?n:0,c=o-l;t[a].set(c,e)},[b.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var r;let{options:n}=e,a=Bt(e),o=Xn(i),l=(r=o[0])==null?void 0:r.language;l&&!n.noSubtitlesLangPref&&d.localStorage.setItem("media-chrome-pref-subtitles-lang",l),ft(ze.SHOWING,a,o)},[b.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let r=Bt(e),n=i??[];ft(ze.DISABLED,r,n)},[b.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){Sr(e,i)},[b.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let r="mediaRenditionSelected",n=i;t[r].set(n,e)},[b.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let r="mediaAudioTrackEnabled",n=i;t[r].set(n,e)},[b.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[b.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[b.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let r="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[r].set(!0,e,i)},[b.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[b.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[b.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[b.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var bs=({media:t,fullscreenElement:e,documentElement:i,stateMediator:r=Wt,requestMap:n=gs,options:a={},monitorStateOwnersOnlyWithSubscriptions:o=!0})=>{let l=[],c={options:{...a}},g=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),m=A=>{A!=null&&(kr(A,g)||(g=Object.freeze({...g,...A}),l.forEach(S=>S(g))))},E=()=>{let A=Object.entries(r).reduce((S,[h,{get:M}])=>(S[h]=M(c),S),{});m(A)},f={},v,_=async(A,S)=>{var h,M,P,D,j,he,k,se,q,ot,Ga,qa,za,Ya,Qa,Za;let Ml=!!v;if(v={...c,...v??{},...A},Ml)return;await Es(...Object.values(A));let St=l.length>0&&S===0&&o,Xa=c.media!==v.media,Ja=((h=c.media)==null?void 0:h.textTracks)!==((M=v.media)==null?void 0:M.textTracks),ja=((P=c.media)==null?void 0:P.videoRenditions)!==((D=v.media)==null?void 0:D.videoRenditions),eo=((j=c.media)==null?void 0:j.audioTracks)!==((he=v.media)==null?void 0:he.audioTracks),to=((k=c.media)==null?void 0:k.remote)!==((se=v.media)==null?void 0:se.remote),io=c.documentElement!==v.documentElement,ro=!!c.media&&(Xa||St),no=!!((q=c.media)!=null&&q.textTracks)&&(Ja||St),ao=!!((ot=c.media)!=null&&ot.videoRenditions)&&(ja||St),oo=!!((Ga=c.media)!=null&&Ga.audioTracks)&&(eo||St),so=!!((qa=c.media)!=null&&qa.remote)&&(to||St),lo=!!c.documentElement&&(io||St),yn=ro||no||ao||oo||so||lo,kt=l.length===0&&S===1&&o,co=!!v.media&&(Xa||kt),uo=!!((za=v.media)!=null&&za.textTracks)&&(Ja||kt),ho=!!((Ya=v.media)!=null&&Ya.videoRenditions)&&(ja||kt),mo=!!((Qa=v.media)!=null&&Qa.audioTracks)&&(eo||kt),po=!!((Za=v.media)!=null&&Za.remote)&&(to||kt),fo=!!v.documentElement&&(io||kt),vo=co||uo||ho||mo||po||fo;if(!(yn||vo)){Object.entries(v).forEach(([U,ri])=>{c[U]=ri}),E(),v=void 0;return}Object.entries(r).forEach(([U,{get:ri,mediaEvents:Rl=[],textTracksEvents:Dl=[],videoRenditionsEvents:Cl=[],audioTracksEvents:xl=[],remoteEvents:Ol=[],rootEvents:Pl=[],stateOwnersUpdateHandlers:Ul=[]}])=>{f[U]||(f[U]={});let me=W=>{let z=ri(c,W);m({[U]:z})},ee;ee=f[U].mediaEvents,Rl.forEach(W=>{ee&&ro&&(c.media.removeEventListener(W,ee),f[U].mediaEvents=void 0),co&&(v.media.addEventListener(W,me),f[U].mediaEvents=me)}),ee=f[U].textTracksEvents,Dl.forEach(W=>{var z,ye;ee&&no&&((z=c.media.textTracks)==null||z.removeEventListener(W,ee),f[U].textTracksEvents=void 0),uo&&((ye=v.media.textTracks)==null||ye.addEventListener(W,me),f[U].textTracksEvents=me)}),ee=f[U].videoRenditionsEvents,Cl.forEach(W=>{var z,ye;ee&&ao&&((z=c.media.videoRenditions)==null||z.removeEventListener(W,ee),f[U].videoRenditionsEvents=void 0),ho&&((ye=v.media.videoRenditions)==null||ye.addEventListener(W,me),f[U].videoRenditionsEvents=me)}),ee=f[U].audioTracksEvents,xl.forEach(W=>{var z,ye;ee&&oo&&((z=c.media.audioTracks)==null||z.removeEventListener(W,ee),f[U].audioTracksEvents=void 0),mo&&((ye=v.media.audioTracks)==null||ye.addEventListener(W,me),f[U].audioTracksEvents=me)}),ee=f[U].remoteEvents,Ol.forEach(W=>{var z,ye;ee&&so&&((z=c.media.remote)==null||z.removeEventListener(W,ee),f[U].remoteEvents=void 0),po&&((ye=v.media.remote)==null||ye.addEventListener(W,me),f[U].remoteEvents=me)}),ee=f[U].rootEvents,Pl.forEach(W=>{ee&&lo&&(c.documentElement.removeEventListener(W,ee),f[U].rootEvents=void 0),fo&&(v.documentElement.addEventListener(W,me),f[U].rootEvents=me)});let Gi=f[U].stateOwnersUpdateHandlers;if(Gi&&yn&&(Array.isArray(Gi)?Gi:[Gi]).forEach(z=>{typeof z=="function"&&z()}),vo){let W=Ul.map(z=>z(me,v)).filter(z=>typeof z=="function");f[U].stateOwnersUpdateHandlers=W.length===1?W[0]:W}else yn&&(f[U].stateOwnersUpdateHandlers=void 0)}),Object.entries(v).forEach(([U,ri])=>{c[U]=ri}),E(),v=void 0};return _({media:t,fullscreenElement:e,documentElement:i,options:a}),{dispatch(A){let{type:S,detail:h}=A;if(n[S]&&g.mediaErrorCode==null){m(n[S](r,c,A));return}S==="mediaelementchangerequest"?_({media:h}):S==="fullscreenelementchangerequest"?_({fullscreenElement:h}):S==="documentelementchangerequest"?_({documentElement:h}):S==="optionschangerequest"&&(Object.entries(h??{}).forEach(([M,P])=>{c.options[M]=P}),E())},getState(){return g},subscribe(A){return _({},l.length+1),l.push(A),A(g),()=>{let S=l.indexOf(A);S>=0&&(_({},l.length-1),l.splice(S,1))}}}};var sa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},T=(t,e,i)=>(sa(t,e,"read from private field"),i?i.call(t):e.get(t)),ve=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},we=(t,e,i,r)=>(sa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),je=(t,e,i)=>(sa(t,e,"access private method"),i),Ge,gi,C,Ee,bi,xe,wr,_i,Lr,ia,gt,Mr,ra,Ai,Rr,na,Is,ws=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],_s=10,As=.025,Ts=.25,kd=.25,Id=2,p={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},aa=class extends ct{constructor(){super(),ve(this,Lr),ve(this,Mr),ve(this,Ai),ve(this,na),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,ve(this,Ge,new Ar(this,p.HOTKEYS)),ve(this,gi,void 0),ve(this,C,void 0),ve(this,Ee,null),ve(this,bi,void 0),ve(this,xe,void 0),ve(this,wr,i=>{var r;(r=T(this,C))==null||r.dispatch(i)}),ve(this,_i,void 0),ve(this,gt,i=>{let{key:r,shiftKey:n}=i;if(!(n&&(r==="/"||r==="?")||ws.includes(r))){this.removeEventListener("keyup",T(this,gt));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};we(this,bi,i=>{Object.entries(i).forEach(([r,n])=>{if(r in e&&e[r]===n)return;this.propagateMediaState(r,n);let a=r.toLowerCase(),o=new d.CustomEvent(Oo[a],{composed:!0,detail:n});this.dispatchEvent(o)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(p.NO_HOTKEYS,p.HOTKEYS,p.DEFAULT_STREAM_TYPE,p.DEFAULT_SUBTITLES,p.DEFAULT_DURATION,p.NO_MUTED_PREF,p.NO_VOLUME_PREF,p.LANG,p.LOOP,p.LIVE_EDGE_OFFSET,p.SEEK_TO_LIVE_OFFSET,p.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return T(this,C)}set mediaStore(e){var i,r;if(T(this,C)&&((i=T(this,xe))==null||i.call(this),we(this,xe,void 0)),we(this,C,e),!T(this,C)&&!this.hasAttribute(p.NO_DEFAULT_STORE)){je(this,Lr,ia).call(this);return}we(this,xe,(r=T(this,C))==null?void 0:r.subscribe(T(this,bi)))}get fullscreenElement(){var e;return(e=T(this,gi))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(p.FULLSCREEN_ELEMENT)&&this.removeAttribute(p.FULLSCREEN_ELEMENT),we(this,gi,e),(i=T(this,C))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return w(this,p.DEFAULT_SUBTITLES)}set defaultSubtitles(e){L(this,p.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return O(this,p.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){x(this,p.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return $(this,p.DEFAULT_DURATION)}set defaultDuration(e){K(this,p.DEFAULT_DURATION,e)}get noHotkeys(){return w(this,p.NO_HOTKEYS)}set noHotkeys(e){L(this,p.NO_HOTKEYS,e)}get keysUsed(){return O(this,p.KEYS_USED)}set keysUsed(e){x(this,p.KEYS_USED,e)}get liveEdgeOffset(){return $(this,p.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){K(this,p.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return w(this,p.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){L(this,p.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return w(this,p.NO_VOLUME_PREF)}set noVolumePref(e){L(this,p.NO_VOLUME_PREF,e)}get noMutedPref(){return w(this,p.NO_MUTED_PREF)}set noMutedPref(e){L(this,p.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return w(this,p.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){L(this,p.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return w(this,p.NO_DEFAULT_STORE)}set noDefaultStore(e){L(this,p.NO_DEFAULT_STORE,e)}get resolvedLang(){return Ko()}attributeChangedCallback(e,i,r){var n,a,o,l,c,g,m,E,f,v,_,A;if(super.attributeChangedCallback(e,i,r),e===p.NO_HOTKEYS)r!==i&&r===""?(this.hasAttribute(p.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):r!==i&&r===null&&this.enableHotkeys(),je(this,Ai,Rr).call(this);else if(e===p.HOTKEYS)T(this,Ge).value=r,je(this,Ai,Rr).call(this);else if(e===p.DEFAULT_SUBTITLES&&r!==i)(n=T(this,C))==null||n.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(p.DEFAULT_SUBTITLES)}});else if(e===p.DEFAULT_STREAM_TYPE)(o=T(this,C))==null||o.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(a=this.getAttribute(p.DEFAULT_STREAM_TYPE))!=null?a:void 0}});else if(e===p.LIVE_EDGE_OFFSET&&r!==i)(l=T(this,C))==null||l.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(p.LIVE_EDGE_OFFSET)?+this.getAttribute(p.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(p.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(p.SEEK_TO_LIVE_OFFSET):this.hasAttribute(p.LIVE_EDGE_OFFSET)?+this.getAttribute(p.LIVE_EDGE_OFFSET):void 0}});else if(e===p.SEEK_TO_LIVE_OFFSET&&r!==i)(c=T(this,C))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(p.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(p.SEEK_TO_LIVE_OFFSET):this.hasAttribute(p.LIVE_EDGE_OFFSET)?+this.getAttribute(p.LIVE_EDGE_OFFSET):void 0}});else if(e===p.NO_AUTO_SEEK_TO_LIVE)(g=T(this,C))==null||g.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(p.NO_AUTO_SEEK_TO_LIVE)}});else if(e===p.FULLSCREEN_ELEMENT){let S=r?(m=this.getRootNode())==null?void 0:m.getElementById(r):void 0;we(this,gi,S),(E=T(this,C))==null||E.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===p.LANG&&r!==i?(Vo(r),(f=T(this,C))==null||f.dispatch({type:"optionschangerequest",detail:{mediaLang:r}})):e===p.LOOP&&r!==i?(v=T(this,C))==null||v.dispatch({type:b.MEDIA_LOOP_REQUEST,detail:r!=null}):e===p.NO_VOLUME_PREF&&r!==i?(_=T(this,C))==null||_.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(p.NO_VOLUME_PREF)}}):e===p.NO_MUTED_PREF&&r!==i&&((A=T(this,C))==null||A.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(p.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,r;this.associateElement(this),!T(this,C)&&!this.hasAttribute(p.NO_DEFAULT_STORE)&&je(this,Lr,ia).call(this),(e=T(this,C))==null||e.dispatch({type:"documentelementchangerequest",detail:Y}),(i=T(this,C))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),T(this,C)&&!T(this,xe)&&we(this,xe,(r=T(this,C))==null?void 0:r.subscribe(T(this,bi))),T(this,_i)!==void 0&&T(this,C)&&this.media&&setTimeout(()=>{var n,a,o;(a=(n=this.media)==null?void 0:n.textTracks)!=null&&a.length&&((o=T(this,C))==null||o.dispatch({type:b.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:T(this,_i)}))},0),this.hasAttribute(p.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,r,n,a,o;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),T(this,C)){let l=T(this,C).getState();we(this,_i,!!((i=l.mediaSubtitlesShowing)!=null&&i.length)),(r=T(this,C))==null||r.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(n=T(this,C))==null||n.dispatch({type:"documentelementchangerequest",detail:void 0}),(a=T(this,C))==null||a.dispatch({type:b.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}T(this,xe)&&((o=T(this,xe))==null||o.call(this),we(this,xe,void 0)),this.unassociateElement(this),T(this,Ee)&&(T(this,Ee).remove(),we(this,Ee,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=T(this,C))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=T(this,C))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){ks(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let r=this.registerMediaStateReceiver.bind(this),n=this.unregisterMediaStateReceiver.bind(this),a=Cd(e,r,n);Object.values(b).forEach(o=>{e.addEventListener(o,T(this,wr))}),i.set(e,a)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(b).forEach(n=>{e.removeEventListener(n,T(this,wr))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),T(this,C)&&Object.entries(T(this,C).getState()).forEach(([n,a])=>{ks([e],n,a)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,r=i.indexOf(e);r<0||i.splice(r,1)}enableHotkeys(){this.addEventListener("keydown",je(this,Mr,ra))}disableHotkeys(){this.removeEventListener("keydown",je(this,Mr,ra)),this.removeEventListener("keyup",T(this,gt))}get hotkeys(){return T(this,Ge)}set hotkeys(e){x(this,p.HOTKEYS,e)}keyboardShortcutHandler(e){var i,r,n,a,o,l,c,g,m;let E=e.target;if(((n=(r=(i=E.getAttribute(p.KEYS_USED))==null?void 0:i.split(" "))!=null?r:E?.keysUsed)!=null?n:[]).map(h=>h==="Space"?" ":h).filter(Boolean).includes(e.key))return;let v,_,A;if(!(T(this,Ge).contains(gr(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&T(this,Ge).contains("noshift+/")))switch(e.key){case" ":case"k":v=T(this,C).getState().mediaPaused?b.MEDIA_PLAY_REQUEST:b.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new d.CustomEvent(v,{composed:!0,bubbles:!0}));break;case"m":v=this.mediaStore.getState().mediaVolumeLevel==="off"?b.MEDIA_UNMUTE_REQUEST:b.MEDIA_MUTE_REQUEST,this.dispatchEvent(new d.CustomEvent(v,{composed:!0,bubbles:!0}));break;case"f":v=this.mediaStore.getState().mediaIsFullscreen?b.MEDIA_EXIT_FULLSCREEN_REQUEST:b.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new d.CustomEvent(v,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new d.CustomEvent(b.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let h=this.hasAttribute(p.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(p.KEYBOARD_BACKWARD_SEEK_OFFSET):_s;_=Math.max(((a=this.mediaStore.getState().mediaCurrentTime)!=null?a:0)-h,0),A=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case"ArrowRight":case"l":{let h=this.hasAttribute(p.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(p.KEYBOARD_FORWARD_SEEK_OFFSET):_s;_=Math.max(((o=this.mediaStore.getState().mediaCurrentTime)!=null?o:0)+h,0),A=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case"ArrowUp":{let h=this.hasAttribute(p.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(p.KEYBOARD_UP_VOLUME_STEP):As;_=Math.min(((l=this.mediaStore.getState().mediaVolume)!=null?l:1)+h,1),A=new d.CustomEvent(b.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case"ArrowDown":{let h=this.hasAttribute(p.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(p.KEYBOARD_DOWN_VOLUME_STEP):As;_=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-h,0),A=new d.CustomEvent(b.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case"<":{let h=(g=this.mediaStore.getState().mediaPlaybackRate)!=null?g:1;_=Math.max(h-Ts,kd).toFixed(2),A=new d.CustomEvent(b.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case">":{let h=(m=this.mediaStore.getState().mediaPlaybackRate)!=null?m:1;_=Math.min(h+Ts,Id).toFixed(2),A=new d.CustomEvent(b.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(A);break}case"/":case"?":{e.shiftKey&&je(this,na,Is).call(this);break}case"p":{v=this.mediaStore.getState().mediaIsPip?b.MEDIA_EXIT_PIP_REQUEST:b.MEDIA_ENTER_PIP_REQUEST,A=new d.CustomEvent(v,{composed:!0,bubbles:!0}),this.dispatchEvent(A);break}default:break}}};Ge=new WeakMap;gi=new WeakMap;C=new WeakMap;Ee=new WeakMap;bi=new WeakMap;xe=new WeakMap;wr=new WeakMap;_i=new WeakMap;Lr=new WeakSet;ia=function(){var t;this.mediaStore=bs({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(p.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(p.DEFAULT_DURATION)?+this.getAttribute(p.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(p.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(p.LIVE_EDGE_OFFSET)?+this.getAttribute(p.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(p.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(p.SEEK_TO_LIVE_OFFSET):this.hasAttribute(p.LIVE_EDGE_OFFSET)?+this.getAttribute(p.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(p.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(p.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(p.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(p.NO_SUBTITLES_LANG_PREF)}})};gt=new WeakMap;Mr=new WeakSet;ra=function(t){var e;let{metaKey:i,altKey:r,key:n,shiftKey:a}=t,o=a&&(n==="/"||n==="?");if(o&&((e=T(this,Ee))!=null&&e.open)){this.removeEventListener("keyup",T(this,gt));return}if(i||r||!o&&!ws.includes(n)){this.removeEventListener("keyup",T(this,gt));return}let l=t.target,c=l instanceof HTMLElement&&(l.tagName.toLowerCase()==="media-volume-range"||l.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(n)&&!T(this,Ge).contains(gr(n))&&!c&&t.preventDefault(),this.addEventListener("keyup",T(this,gt),{once:!0})};Ai=new WeakSet;Rr=function(){T(this,Ee)&&(T(this,Ee).hotkeys=T(this,Ge).value||void 0,(this.noHotkeys||T(this,Ge).contains("noshift+/"))&&(T(this,Ee).open=!1))};na=new WeakSet;Is=function(){T(this,Ee)||(we(this,Ee,Y.createElement("media-keyboard-shortcuts-dialog")),je(this,Ai,Rr).call(this),this.appendChild(T(this,Ee))),T(this,Ee).open=!0};var wd=Object.values(s),Ld=Object.values(Cn),Ls=t=>{var e,i,r,n;let{observedAttributes:a}=t.constructor;!a&&((e=t.nodeName)!=null&&e.includes("-"))&&(d.customElements.upgrade(t),{observedAttributes:a}=t.constructor);let o=(n=(r=(i=t?.getAttribute)==null?void 0:i.call(t,R.MEDIA_CHROME_ATTRIBUTES))==null?void 0:r.split)==null?void 0:n.call(r,/\s+/);return Array.isArray(a||o)?(a||o).filter(l=>wd.includes(l)):[]},Md=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&d.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof d.customElements.get(t.nodeName.toLowerCase()))&&d.customElements.upgrade(t),Ld.some(r=>r in t)},oa=t=>Md(t)||!!Ls(t).length,ys=t=>{var e;return(e=t?.join)==null?void 0:e.call(t,":")},Ss={[s.MEDIA_SUBTITLES_LIST]:vi,[s.MEDIA_SUBTITLES_SHOWING]:vi,[s.MEDIA_SEEKABLE]:ys,[s.MEDIA_BUFFERED]:t=>t?.map(ys).join(" "),[s.MEDIA_PREVIEW_COORDS]:t=>t?.join(" "),[s.MEDIA_RENDITION_LIST]:is,[s.MEDIA_AUDIO_TRACK_LIST]:rs},Rd=async(t,e,i)=>{var r,n;if(t.isConnected||await Tr(0),typeof i=="boolean"||i==null)return L(t,e,i);if(typeof i=="number")return K(t,e,i);if(typeof i=="string")return x(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let a=(n=(r=Ss[e])==null?void 0:r.call(Ss,i))!=null?n:i;return t.setAttribute(e,a)},Dd=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},Et=(t,e)=>{if(Dd(t))return;let i=(n,a)=>{var o,l;oa(n)&&a(n);let{children:c=[]}=n??{},g=(l=(o=n?.shadowRoot)==null?void 0:o.children)!=null?l:[];[...c,...g].forEach(E=>Et(E,a))},r=t?.nodeName.toLowerCase();if(r.includes("-")&&!oa(t)){d.customElements.whenDefined(r).then(()=>{i(t,e)});return}i(t,e)},ks=(t,e,i)=>{t.forEach(r=>{if(e in r){r[e]=i;return}let n=Ls(r),a=e.toLowerCase();n.includes(a)&&Rd(r,a,i)})},Cd=(t,e,i)=>{Et(t,e);let r=m=>{var E;let f=(E=m?.composedPath()[0])!=null?E:m.target;e(f)},n=m=>{var E;let f=(E=m?.composedPath()[0])!=null?E:m.target;i(f)};t.addEventListener(b.REGISTER_MEDIA_STATE_RECEIVER,r),t.addEventListener(b.UNREGISTER_MEDIA_STATE_RECEIVER,n);let a=m=>{m.forEach(E=>{let{addedNodes:f=[],removedNodes:v=[],type:_,target:A,attributeName:S}=E;_==="childList"?(Array.prototype.forEach.call(f,h=>Et(h,e)),Array.prototype.forEach.call(v,h=>Et(h,i))):_==="attributes"&&S===R.MEDIA_CHROME_ATTRIBUTES&&(oa(A)?e(A):i(A))})},o=[],l=m=>{let E=m.target;E.name!=="media"&&(o.forEach(f=>Et(f,i)),o=[...E.assignedElements({flatten:!0})],o.forEach(f=>Et(f,e)))};t.addEventListener("slotchange",l);let c=new MutationObserver(a);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{Et(t,i),t.removeEventListener("slotchange",l),c.disconnect(),t.removeEventListener(b.REGISTER_MEDIA_STATE_RECEIVER,r),t.removeEventListener(b.UNREGISTER_MEDIA_STATE_RECEIVER,n)}};d.customElements.get("media-controller")||d.customElements.define("media-controller",aa);var Ms=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Dr=(t,e,i)=>(Ms(t,e,"read from private field"),i?i.call(t):e.get(t)),xd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Cr=(t,e,i,r)=>(Ms(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Oe;function Od(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var Ti=class extends d.HTMLElement{constructor(){if(super(),xd(this,Oe,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Dr(this,Oe))==null?void 0:n.unassociateElement)==null||a.call(n,this),Cr(this,Oe,null)),r&&this.isConnected&&(Cr(this,Oe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Dr(this,Oe))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(Cr(this,Oe,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Dr(this,Oe))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Dr(this,Oe))==null?void 0:e.unassociateElement)==null||i.call(e,this),Cr(this,Oe,null)}};Oe=new WeakMap;Ti.shadowRootOptions={mode:"open"};Ti.getTemplateHTML=Od;d.customElements.get("media-control-bar")||d.customElements.define("media-control-bar",Ti);var Vt={PLACEMENT:"placement",BOUNDS:"bounds"};function Pd(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var Kt=class extends d.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!lr(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let r=getComputedStyle(this),n=(e=Ye(this,"#"+this.bounds))!=null?e:Ho(this);if(!n)return;let{x:a,width:o}=n.getBoundingClientRect(),{x:l,width:c}=this.getBoundingClientRect(),g=l+c,m=a+o,E=r.getPropertyValue("--media-tooltip-offset-x"),f=E?parseFloat(E.replace("px","")):0,v=r.getPropertyValue("--media-tooltip-container-margin"),_=v?parseFloat(v.replace("px","")):0,A=l-a+f-_,S=g-m+f+_;if(A<0){this.style.setProperty("--media-tooltip-offset-x",`${A}px`);return}if(S>0){this.style.setProperty("--media-tooltip-offset-x",`${S}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[Vt.PLACEMENT,Vt.BOUNDS]}get placement(){return O(this,Vt.PLACEMENT)}set placement(e){x(this,Vt.PLACEMENT,e)}get bounds(){return O(this,Vt.BOUNDS)}set bounds(e){x(this,Vt.BOUNDS,e)}};Kt.shadowRootOptions={mode:"open"};Kt.getTemplateHTML=Pd;d.customElements.get("media-tooltip")||d.customElements.define("media-tooltip",Kt);var la=Kt;var ua=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Z=(t,e,i)=>(ua(t,e,"read from private field"),i?i.call(t):e.get(t)),bt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},xr=(t,e,i,r)=>(ua(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Rs=(t,e,i)=>(ua(t,e,"access private method"),i),Pe,qt,da,Ds,tt,Gt,Or,ca,Cs,et={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function Ud(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${la.shadowRootOptions.mode}">
          ${la.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Nd(t,e){return`
    <slot></slot>
  `}function Hd(){return""}var F=class extends d.HTMLElement{constructor(){if(super(),bt(this,da),bt(this,ca),bt(this,Pe,void 0),this.preventClick=!1,this.tooltipEl=null,bt(this,qt,e=>{this.preventClick||this.handleClick(e),setTimeout(Z(this,tt),0)}),bt(this,tt,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),bt(this,Gt,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",Z(this,Gt));return}this.preventClick||this.handleClick(e)}),bt(this,Or,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!this.keysUsed.includes(n)){this.removeEventListener("keyup",Z(this,Gt));return}this.addEventListener("keyup",Z(this,Gt),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",et.TOOLTIP_PLACEMENT,R.MEDIA_CONTROLLER,s.MEDIA_LANG]}enable(){this.addEventListener("click",Z(this,qt)),this.addEventListener("keydown",Z(this,Or)),this.tabIndex=0}disable(){this.removeEventListener("click",Z(this,qt)),this.removeEventListener("keydown",Z(this,Or)),this.removeEventListener("keyup",Z(this,Gt)),this.tabIndex=-1}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER?(i&&((a=(n=Z(this,Pe))==null?void 0:n.unassociateElement)==null||a.call(n,this),xr(this,Pe,null)),r&&this.isConnected&&(xr(this,Pe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Z(this,Pe))==null?void 0:l.associateElement)==null||c.call(l,this))):e==="disabled"&&r!==i?r==null?this.enable():this.disable():e===et.TOOLTIP_PLACEMENT&&this.tooltipEl&&r!==i?this.tooltipEl.placement=r:e===s.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),Rs(this,da,Ds).call(this)&&Z(this,tt).call(this)}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(xr(this,Pe,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Z(this,Pe))==null?void 0:i.associateElement)==null||r.call(i,this)),d.customElements.whenDefined("media-tooltip").then(()=>Rs(this,ca,Cs).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=Z(this,Pe))==null?void 0:e.unassociateElement)==null||i.call(e,this),xr(this,Pe,null),this.removeEventListener("mouseenter",Z(this,tt)),this.removeEventListener("focus",Z(this,tt)),this.removeEventListener("click",Z(this,qt))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return O(this,et.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){x(this,et.TOOLTIP_PLACEMENT,e)}get mediaController(){return O(this,R.MEDIA_CONTROLLER)}set mediaController(e){x(this,R.MEDIA_CONTROLLER,e)}get disabled(){return w(this,et.DISABLED)}set disabled(e){L(this,et.DISABLED,e)}get noTooltip(){return w(this,et.NO_TOOLTIP)}set noTooltip(e){L(this,et.NO_TOOLTIP,e)}handleClick(e){}};Pe=new WeakMap;qt=new WeakMap;da=new WeakSet;Ds=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};tt=new WeakMap;Gt=new WeakMap;Or=new WeakMap;ca=new WeakSet;Cs=function(){this.addEventListener("mouseenter",Z(this,tt)),this.addEventListener("focus",Z(this,tt)),this.addEventListener("click",Z(this,qt));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};F.shadowRootOptions={mode:"open"};F.getTemplateHTML=Ud;F.getSlotTemplateHTML=Nd;F.getTooltipContentHTML=Hd;d.customElements.get("media-chrome-button")||d.customElements.define("media-chrome-button",F);var $d=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,Fd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function Bd(t){return`
    <style>
      :host([${s.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${s.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${$d}</slot>
      <slot name="pause">${Fd}</slot>
    </slot>
  `}function Wd(){return`
    <slot name="tooltip-play">${y("Play")}</slot>
    <slot name="tooltip-pause">${y("Pause")}</slot>
  `}var xs=t=>{let e=t.mediaPaused?y("play"):y("pause");t.setAttribute("aria-label",e)},yi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),xs(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PAUSED||e===s.MEDIA_LANG)&&xs(this)}get mediaPaused(){return w(this,s.MEDIA_PAUSED)}set mediaPaused(e){L(this,s.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?b.MEDIA_PLAY_REQUEST:b.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};yi.getSlotTemplateHTML=Bd;yi.getTooltipContentHTML=Wd;d.customElements.get("media-play-button")||d.customElements.define("media-play-button",yi);var Vd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Os=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Kd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Gd(t){return`
    <style>
      :host(:not([${s.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${s.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Vd}</slot>
      <slot name="low">${Os}</slot>
      <slot name="medium">${Os}</slot>
      <slot name="high">${Kd}</slot>
    </slot>
  `}function qd(){return`
    <slot name="tooltip-mute">${y("Mute")}</slot>
    <slot name="tooltip-unmute">${y("Unmute")}</slot>
  `}var Ps=t=>{let i=t.mediaVolumeLevel==="off"?y("unmute"):y("mute");t.setAttribute("aria-label",i)},Si=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Ps(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_VOLUME_LEVEL&&Ps(this)}get mediaVolumeLevel(){return O(this,s.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){x(this,s.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?b.MEDIA_UNMUTE_REQUEST:b.MEDIA_MUTE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Si.getSlotTemplateHTML=Gd;Si.getTooltipContentHTML=qd;d.customElements.get("media-mute-button")||d.customElements.define("media-mute-button",Si);var ga=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},V=(t,e,i)=>(ga(t,e,"read from private field"),i?i.call(t):e.get(t)),ne=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},it=(t,e,i,r)=>(ga(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Le=(t,e,i)=>(ga(t,e,"access private method"),i),Ue,Kr,Pr,Ur,Me,Wr,Nr,Hr,$r,ba,Us,Fr,ha,Br,ma,Vr,_a,pa,Ns,fa,Hs,va,$s,Ea,Fs;function zd(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function Yd(t){return""}var Ne=class extends d.HTMLElement{constructor(){if(super(),ne(this,ba),ne(this,Fr),ne(this,Br),ne(this,Vr),ne(this,pa),ne(this,fa),ne(this,va),ne(this,Ea),ne(this,Ue,void 0),ne(this,Kr,void 0),ne(this,Pr,void 0),ne(this,Ur,void 0),ne(this,Me,{}),ne(this,Wr,[]),ne(this,Nr,()=>{if(this.range.matches(":focus-visible")){let{style:e}=N(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),ne(this,Hr,()=>{let{style:e}=N(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),ne(this,$r,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.container=this.shadowRoot.querySelector("#container"),it(this,Pr,this.shadowRoot.querySelector("#startpoint")),it(this,Ur,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER?(i&&((a=(n=V(this,Ue))==null?void 0:n.unassociateElement)==null||a.call(n,this),it(this,Ue,null)),r&&this.isConnected&&(it(this,Ue,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=V(this,Ue))==null?void 0:l.associateElement)==null||c.call(l,this))):(e==="disabled"||e==="aria-disabled"&&i!==r)&&(r==null?(this.range.removeAttribute(e),Le(this,Fr,ha).call(this)):(this.range.setAttribute(e,r),Le(this,Br,ma).call(this)))}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),V(this,Me).pointer=N(this.shadowRoot,"#pointer"),V(this,Me).progress=N(this.shadowRoot,"#progress"),V(this,Me).thumb=N(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),V(this,Me).activeSegment=N(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(it(this,Ue,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=V(this,Ue))==null?void 0:i.associateElement)==null||r.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",V(this,Nr)),this.shadowRoot.addEventListener("focusout",V(this,Hr)),Le(this,Fr,ha).call(this),nr(this.container,V(this,$r))}disconnectedCallback(){var e,i;Le(this,Br,ma).call(this),(i=(e=V(this,Ue))==null?void 0:e.unassociateElement)==null||i.call(e,this),it(this,Ue,null),this.shadowRoot.removeEventListener("focusin",V(this,Nr)),this.shadowRoot.removeEventListener("focusout",V(this,Hr)),ar(this.container,V(this,$r))}updatePointerBar(e){var i;(i=V(this,Me).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let r=this.range.valueAsNumber*100;(e=V(this,Me).progress)==null||e.style.setProperty("width",`${r}%`),(i=V(this,Me).thumb)==null||i.style.setProperty("left",`${r}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!e?.length),!e?.length)return;let r=[...new Set([+this.range.min,...e.flatMap(a=>[a.start,a.end]),+this.range.max])];it(this,Wr,[...r]);let n=r.pop();for(let[a,o]of r.entries()){let[l,c]=[a===0,a===r.length-1],g=l?"calc(var(--segments-gap) / -1)":`${o*100}%`,E=`calc(${((c?n:r[a+1])-o)*100}%${l||c?"":" - var(--segments-gap)"})`,f=Y.createElementNS("http://www.w3.org/2000/svg","rect"),v=Pn(this.shadowRoot,`#segments-clipping rect:nth-child(${a+1})`);v.style.setProperty("x",g),v.style.setProperty("width",E),i.append(f)}}getPointerRatio(e){return $o(e.clientX,e.clientY,V(this,Pr).getBoundingClientRect(),V(this,Ur).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":Le(this,Ea,Fs).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":Le(this,pa,Ns).call(this,e);break;case"pointerdown":Le(this,Vr,_a).call(this,e);break;case"pointerup":Le(this,fa,Hs).call(this);break;case"pointerleave":Le(this,va,$s).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ue=new WeakMap;Kr=new WeakMap;Pr=new WeakMap;Ur=new WeakMap;Me=new WeakMap;Wr=new WeakMap;Nr=new WeakMap;Hr=new WeakMap;$r=new WeakMap;ba=new WeakSet;Us=function(t){let e=V(this,Me).activeSegment;if(!e)return;let i=this.getPointerRatio(t),n=`#segments-clipping rect:nth-child(${V(this,Wr).findIndex((a,o,l)=>{let c=l[o+1];return c!=null&&i>=a&&i<=c})+1})`;(e.selectorText!=n||!e.style.transform)&&(e.selectorText=n,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};Fr=new WeakSet;ha=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};Br=new WeakSet;ma=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointerup",this),(e=d.window)==null||e.removeEventListener("pointermove",this)};Vr=new WeakSet;_a=function(t){var e;it(this,Kr,t.composedPath().includes(this.range)),(e=d.window)==null||e.addEventListener("pointerup",this,{once:!0})};pa=new WeakSet;Ns=function(t){var e;t.pointerType!=="mouse"&&Le(this,Vr,_a).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=d.window)==null||e.addEventListener("pointermove",this)};fa=new WeakSet;Hs=function(){var t;(t=d.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};va=new WeakSet;$s=function(){var t,e;this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=V(this,Me).activeSegment)==null||e.style.removeProperty("transform")};Ea=new WeakSet;Fs=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),Le(this,ba,Us).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!V(this,Kr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Ne.shadowRootOptions={mode:"open"};Ne.getTemplateHTML=zd;Ne.getContainerTemplateHTML=Yd;d.customElements.get("media-chrome-range")||d.customElements.define("media-chrome-range",Ne);var Qd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Bs=(t,e,i)=>(Qd(t,e,"read from private field"),i?i.call(t):e.get(t)),Zd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Gr,Xd=1,Jd=t=>t.mediaMuted?0:t.mediaVolume,jd=t=>`${Math.round(t*100)}%`,Aa=class extends Ne{constructor(){super(...arguments),Zd(this,Gr,()=>{let e=this.range.value,i=new d.CustomEvent(b.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME,s.MEDIA_MUTED,s.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",y("volume")),this.range.addEventListener("input",Bs(this,Gr))}disconnectedCallback(){this.range.removeEventListener("input",Bs(this,Gr)),super.disconnectedCallback()}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_VOLUME||e===s.MEDIA_MUTED)&&(this.range.valueAsNumber=Jd(this),this.range.setAttribute("aria-valuetext",jd(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return $(this,s.MEDIA_VOLUME,Xd)}set mediaVolume(e){K(this,s.MEDIA_VOLUME,e)}get mediaMuted(){return w(this,s.MEDIA_MUTED)}set mediaMuted(e){L(this,s.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return O(this,s.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){x(this,s.MEDIA_VOLUME_UNAVAILABLE,e)}};Gr=new WeakMap;d.customElements.get("media-volume-range")||d.customElements.define("media-volume-range",Aa);var Ws=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},qr=(t,e,i)=>(Ws(t,e,"read from private field"),i?i.call(t):e.get(t)),ec=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},zr=(t,e,i,r)=>(Ws(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),He;function tc(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var zt=class extends d.HTMLElement{constructor(){if(super(),ec(this,He,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(zr(this,He,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=qr(this,He))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=qr(this,He))==null?void 0:e.unassociateElement)==null||i.call(e,this),zr(this,He,null)}attributeChangedCallback(e,i,r){var n,a,o,l,c;[s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===R.MEDIA_CONTROLLER&&(i&&((a=(n=qr(this,He))==null?void 0:n.unassociateElement)==null||a.call(n,this),zr(this,He,null)),r&&this.isConnected&&(zr(this,He,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=qr(this,He))==null?void 0:l.associateElement)==null||c.call(l,this)))}get mediaPreviewImage(){return O(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){x(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(s.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(s.MEDIA_PREVIEW_COORDS);return}this.setAttribute(s.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[r,n,a,o]=e,l=i.split("#")[0],c=getComputedStyle(this),{maxWidth:g,maxHeight:m,minWidth:E,minHeight:f}=c,v=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",_,A;if(v==="fill"){let he=parseInt(g)/a,k=parseInt(m)/o,se=parseInt(E)/a,q=parseInt(f)/o;_=he<1?he:Math.max(he,se),A=k<1?k:Math.max(k,q)}else{let he=Math.min(parseInt(g)/a,parseInt(m)/o),k=Math.max(parseInt(E)/a,parseInt(f)/o),q=he<1?he:k>1?k:1;_=q,A=q}let{style:S}=N(this.shadowRoot,":host"),h=N(this.shadowRoot,"img").style,M=this.shadowRoot.querySelector("img"),D=Math.min(_,A)<1?"min":"max";S.setProperty(`${D}-width`,"initial","important"),S.setProperty(`${D}-height`,"initial","important"),S.width=`${a*_}px`,S.height=`${o*A}px`;let j=()=>{h.width=`${this.imgWidth*_}px`,h.height=`${this.imgHeight*A}px`,h.display="block"};M.src!==l&&(M.onload=()=>{this.imgWidth=M.naturalWidth,this.imgHeight=M.naturalHeight,j(),M.onload=null},M.src=l,j()),j(),h.transform=`translate(-${r*_}px, -${n*A}px)`}};He=new WeakMap;zt.shadowRootOptions={mode:"open"};zt.getTemplateHTML=tc;d.customElements.get("media-preview-thumbnail")||d.customElements.define("media-preview-thumbnail",zt);var Ta=zt;var Vs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Yr=(t,e,i)=>(Vs(t,e,"read from private field"),i?i.call(t):e.get(t)),ic=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Qr=(t,e,i,r)=>(Vs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$e;function rc(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function nc(t,e){return`
    <slot></slot>
  `}var _e=class extends d.HTMLElement{constructor(){if(super(),ic(this,$e,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Yr(this,$e))==null?void 0:n.unassociateElement)==null||a.call(n,this),Qr(this,$e,null)),r&&this.isConnected&&(Qr(this,$e,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Yr(this,$e))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(Qr(this,$e,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Yr(this,$e))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Yr(this,$e))==null?void 0:e.unassociateElement)==null||i.call(e,this),Qr(this,$e,null)}};$e=new WeakMap;_e.shadowRootOptions={mode:"open"};_e.getTemplateHTML=rc;_e.getSlotTemplateHTML=nc;d.customElements.get("media-text-display")||d.customElements.define("media-text-display",_e);var Ks=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],Gs=(t,e)=>{let i=t===1?y(Ks[e].singular):y(Ks[e].plural);return`${t} ${i}`},_t=t=>{if(!Ft(t))return"";let e=Math.abs(t),i=e!==t,r=new Date(0,0,0,0,0,e,0),a=[r.getHours(),r.getMinutes(),r.getSeconds()].map((o,l)=>o&&Gs(o,l)).filter(o=>o).join(", ");return i?y("{time} remaining",{time:a}):e===0?Gs(0,2):a};function At(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let r=Math.floor(t%60),n=Math.floor(t/60%60),a=Math.floor(t/3600),o=Math.floor(e/60%60),l=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(a=n=r="0"),a=a>0||l>0?a+":":"",n=((a||o>=10)&&n<10?"0"+n:n)+":",r=r<10?"0"+r:r,(i?"-":"")+a+n+r}var jm=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var zs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},qs=(t,e,i)=>(zs(t,e,"read from private field"),i?i.call(t):e.get(t)),ac=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},oc=(t,e,i,r)=>(zs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ki,ya=class extends _e{constructor(){super(),ac(this,ki,void 0),oc(this,ki,this.shadowRoot.querySelector("slot")),qs(this,ki).textContent=At(0)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_PREVIEW_TIME&&r!=null&&(qs(this,ki).textContent=At(parseFloat(r)))}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){K(this,s.MEDIA_PREVIEW_TIME,e)}};ki=new WeakMap;d.customElements.get("media-preview-time-display")||d.customElements.define("media-preview-time-display",ya);var Ys=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},sc=(t,e,i)=>(Ys(t,e,"read from private field"),i?i.call(t):e.get(t)),lc=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},dc=(t,e,i,r)=>(Ys(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Zr,Sa=class extends _e{constructor(){super(),lc(this,Zr,void 0),dc(this,Zr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_LANG]}attributeChangedCallback(e,i,r){if(super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PREVIEW_CHAPTER||e===s.MEDIA_LANG)&&r!==i&&r!=null)if(sc(this,Zr).textContent=r,r!==""){let n=y("chapter: {chapterName}",{chapterName:r});this.setAttribute("aria-valuetext",n)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return O(this,s.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){x(this,s.MEDIA_PREVIEW_CHAPTER,e)}};Zr=new WeakMap;d.customElements.get("media-preview-chapter-display")||d.customElements.define("media-preview-chapter-display",Sa);var Qs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ie=(t,e,i)=>(Qs(t,e,"read from private field"),i?i.call(t):e.get(t)),Fe=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ge=(t,e,i,r)=>(Qs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),cc=(t,e,i,r)=>({set _(n){ge(t,e,n,i)},get _(){return ie(t,e,r)}}),Yt,Xr,Qt,Ii,Jr,jr,en,Zt,Tt,tn,rn=class{constructor(e,i,r){Fe(this,Yt,void 0),Fe(this,Xr,void 0),Fe(this,Qt,void 0),Fe(this,Ii,void 0),Fe(this,Jr,void 0),Fe(this,jr,void 0),Fe(this,en,void 0),Fe(this,Zt,void 0),Fe(this,Tt,0),Fe(this,tn,(n=performance.now())=>{ge(this,Tt,requestAnimationFrame(ie(this,tn))),ge(this,Ii,performance.now()-ie(this,Qt));let a=1e3/this.fps;if(ie(this,Ii)>a){ge(this,Qt,n-ie(this,Ii)%a);let o=1e3/((n-ie(this,Xr))/++cc(this,Jr)._),l=(n-ie(this,jr))/1e3/this.duration,c=ie(this,en)+l*this.playbackRate;c-ie(this,Yt).valueAsNumber>0?ge(this,Zt,this.playbackRate/this.duration/o):(ge(this,Zt,.995*ie(this,Zt)),c=ie(this,Yt).valueAsNumber+ie(this,Zt)),this.callback(c)}}),ge(this,Yt,e),this.callback=i,this.fps=r}start(){ie(this,Tt)===0&&(ge(this,Qt,performance.now()),ge(this,Xr,ie(this,Qt)),ge(this,Jr,0),ie(this,tn).call(this))}stop(){ie(this,Tt)!==0&&(cancelAnimationFrame(ie(this,Tt)),ge(this,Tt,0))}update({start:e,duration:i,playbackRate:r}){let n=e-ie(this,Yt).valueAsNumber,a=Math.abs(i-this.duration);(n>0||n<-.5/i||a>=.5)&&this.callback(e),ge(this,en,e),ge(this,jr,performance.now()),this.duration=i,this.playbackRate=r}};Yt=new WeakMap;Xr=new WeakMap;Qt=new WeakMap;Ii=new WeakMap;Jr=new WeakMap;jr=new WeakMap;en=new WeakMap;Zt=new WeakMap;Tt=new WeakMap;tn=new WeakMap;var Ma=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},B=(t,e,i)=>(Ma(t,e,"read from private field"),i?i.call(t):e.get(t)),J=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ae=(t,e,i,r)=>(Ma(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Te=(t,e,i)=>(Ma(t,e,"access private method"),i),Xt,rt,on,Li,sn,an,Mi,Ri,Jt,jt,wi,ka,Zs,Ia,ln,Ra,dn,Da,cn,Ca,wa,Xs,Di,un,La,Js,uc=t=>{let e=t.range,i=_t(+js(t)),r=_t(+t.mediaSeekableEnd),n=i&&r?y("{currentTime} of {totalTime}",{currentTime:i,totalTime:r}):y("video not loaded, unknown time.");e.setAttribute("aria-valuetext",n)};function hc(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${Ta.shadowRootOptions.mode}">
            ${Ta.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var nn=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(r))return 0;let n=(e-i)/(r-i);return Math.max(0,Math.min(n,1))},js=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(r)?0:e*(r-i)+i},Ci=class extends Ne{constructor(){super(),J(this,ka),J(this,ln),J(this,dn),J(this,cn),J(this,wa),J(this,Di),J(this,La),J(this,Xt,null),J(this,rt,void 0),J(this,on,void 0),J(this,Li,void 0),J(this,sn,void 0),J(this,an,void 0),J(this,Mi,void 0),J(this,Ri,void 0),J(this,Jt,void 0),J(this,jt,void 0),J(this,wi,()=>{Te(this,ka,Zs).call(this)?B(this,rt).start():B(this,rt).stop()}),J(this,Ia,r=>{this.dragging||(Ft(r)&&(this.range.valueAsNumber=r),B(this,jt)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),Ae(this,on,this.shadowRoot.querySelectorAll('[part~="box"]')),Ae(this,sn,this.shadowRoot.querySelector('[part~="preview-box"]')),Ae(this,an,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);Ae(this,Mi,parseInt(i.getPropertyValue("--media-box-padding-left"))),Ae(this,Ri,parseInt(i.getPropertyValue("--media-box-padding-right"))),Ae(this,rt,new rn(this.range,B(this,Ia),60))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_DURATION,s.MEDIA_SEEKABLE,s.MEDIA_CURRENT_TIME,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_TIME,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_BUFFERED,s.MEDIA_PLAYBACK_RATE,s.MEDIA_LOADING,s.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",y("seek")),B(this,wi).call(this),Ae(this,Xt,this.getRootNode()),(e=B(this,Xt))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),B(this,rt).stop(),(e=B(this,Xt))==null||e.removeEventListener("transitionstart",this),Ae(this,Xt,null)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),i!=r&&(e===s.MEDIA_CURRENT_TIME||e===s.MEDIA_PAUSED||e===s.MEDIA_ENDED||e===s.MEDIA_LOADING||e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE?(B(this,rt).update({start:nn(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),B(this,wi).call(this),uc(this)):e===s.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=B(this,Jt),this.updateBar()))}get mediaChaptersCues(){return B(this,Jt)}set mediaChaptersCues(e){var i;Ae(this,Jt,e),this.updateSegments((i=B(this,Jt))==null?void 0:i.map(r=>({start:nn(this,r.startTime),end:nn(this,r.endTime)})))}get mediaPaused(){return w(this,s.MEDIA_PAUSED)}set mediaPaused(e){L(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return w(this,s.MEDIA_LOADING)}set mediaLoading(e){L(this,s.MEDIA_LOADING,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){K(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){K(this,s.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return $(this,s.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){K(this,s.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(s.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(r=>+r)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(s.MEDIA_BUFFERED);return}let i=e.map(r=>r.join(":")).join(" ");this.setAttribute(s.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return O(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){x(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){K(this,s.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return w(this,s.MEDIA_ENDED)}set mediaEnded(e){L(this,s.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let r;if(this.mediaEnded)r=1;else{let a=this.mediaCurrentTime,[,o=this.mediaSeekableStart]=(e=i.find(([l,c])=>l<=a&&a<=c))!=null?e:[];r=nn(this,o)}let{style:n}=N(this.shadowRoot,"#buffered");n.setProperty("width",`${r*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=N(this.shadowRoot,"#current-rail"),r=N(this.shadowRoot,'[part~="current-box"]'),n=Te(this,ln,Ra).call(this,B(this,an)),a=Te(this,dn,Da).call(this,n,this.range.valueAsNumber),o=Te(this,cn,Ca).call(this,n,this.range.valueAsNumber);i.style.transform=`translateX(${a})`,i.style.setProperty("--_range-width",`${n.range.width}`),r.style.setProperty("--_box-shift",`${o}`),r.style.setProperty("--_box-width",`${n.box.width}px`),r.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":Te(this,La,Js).call(this);break;case"pointermove":Te(this,wa,Xs).call(this,e);break;case"pointerup":B(this,jt)&&Ae(this,jt,!1);break;case"pointerdown":Ae(this,jt,!0);break;case"pointerleave":Te(this,Di,un).call(this,null);break;case"transitionstart":Ce(e.target,this)&&setTimeout(()=>B(this,wi).call(this),0);break}}};Xt=new WeakMap;rt=new WeakMap;on=new WeakMap;Li=new WeakMap;sn=new WeakMap;an=new WeakMap;Mi=new WeakMap;Ri=new WeakMap;Jt=new WeakMap;jt=new WeakMap;wi=new WeakMap;ka=new WeakSet;Zs=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&lr(this)};Ia=new WeakMap;ln=new WeakSet;Ra=function(t){var e;let r=((e=this.getAttribute("bounds")?Ye(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),n=this.range.getBoundingClientRect(),a=t.offsetWidth,o=-(n.left-r.left-a/2),l=r.right-n.left-a/2;return{box:{width:a,min:o,max:l},bounds:r,range:n}};dn=new WeakSet;Da=function(t,e){let i=`${e*100}%`,{width:r,min:n,max:a}=t.box;if(!r)return i;if(Number.isNaN(n)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${n}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(a)){let l=`calc(1 / var(--_range-width) * 100 * ${a}% - var(--media-box-padding-right))`;i=`min(${i}, ${l})`}return i};cn=new WeakSet;Ca=function(t,e){let{width:i,min:r,max:n}=t.box,a=e*t.range.width;if(a<r+B(this,Mi)){let o=t.range.left-t.bounds.left-B(this,Mi);return`${a-i/2+o}px`}if(a>n-B(this,Ri)){let o=t.bounds.right-t.range.right-B(this,Ri);return`${a+i/2-o-t.range.width}px`}return 0};wa=new WeakSet;Xs=function(t){let e=[...B(this,on)].some(m=>t.composedPath().includes(m));if(!this.dragging&&(e||!t.composedPath().includes(this))){Te(this,Di,un).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let r=N(this.shadowRoot,"#preview-rail"),n=N(this.shadowRoot,'[part~="preview-box"]'),a=Te(this,ln,Ra).call(this,B(this,sn)),o=(t.clientX-a.range.left)/a.range.width;o=Math.max(0,Math.min(1,o));let l=Te(this,dn,Da).call(this,a,o),c=Te(this,cn,Ca).call(this,a,o);r.style.transform=`translateX(${l})`,r.style.setProperty("--_range-width",`${a.range.width}`),n.style.setProperty("--_box-shift",`${c}`),n.style.setProperty("--_box-width",`${a.box.width}px`);let g=Math.round(B(this,Li))-Math.round(o*i);Math.abs(g)<1&&o>.01&&o<.99||(Ae(this,Li,o*i),Te(this,Di,un).call(this,B(this,Li)))};Di=new WeakSet;un=function(t){this.dispatchEvent(new d.CustomEvent(b.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};La=new WeakSet;Js=function(){B(this,rt).stop();let t=js(this);this.dispatchEvent(new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Ci.shadowRootOptions={mode:"open"};Ci.getContainerTemplateHTML=hc;d.customElements.get("media-time-range")||d.customElements.define("media-time-range",Ci);var Pa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Re=(t,e,i)=>(Pa(t,e,"read from private field"),i?i.call(t):e.get(t)),yt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ua=(t,e,i,r)=>(Pa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),at=(t,e,i)=>(Pa(t,e,"access private method"),i),ei,Be,vn,Na,tl,pn,Ha,xi,hn,mn,xa,nt={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},el=[...Object.values(nt),s.MEDIA_CURRENT_TIME,s.MEDIA_DURATION,s.MEDIA_SEEKABLE],il=["Enter"," "],mc="&nbsp;/&nbsp;",Oa=(t,{timesSep:e=mc}={})=>{var i,r;let n=(i=t.mediaCurrentTime)!=null?i:0,[,a]=(r=t.mediaSeekable)!=null?r:[],o=0;Number.isFinite(t.mediaDuration)?o=t.mediaDuration:Number.isFinite(a)&&(o=a);let l=t.remaining?At(0-(o-n)):At(n);return t.showDuration?`${l}${e}${At(o)}`:l},pc=t=>{var e;let i=t.mediaCurrentTime,[,r]=(e=t.mediaSeekable)!=null?e:[],n=null;if(Number.isFinite(t.mediaDuration)?n=t.mediaDuration:Number.isFinite(r)&&(n=r),i==null||n===null){t.setAttribute("aria-description",y("video not loaded, unknown time."));return}let a=t.remaining?_t(0-(n-i)):_t(i);if(!t.showDuration){t.setAttribute("aria-description",a);return}let o=_t(n),l=y("{currentTime} of {totalTime}",{currentTime:a,totalTime:o});t.setAttribute("aria-description",l)};function fc(t,e){return`
    <slot>${Oa(e)}</slot>
  `}var vc=t=>{t.setAttribute("aria-label",y("playback time"))},fn=class extends _e{constructor(){super(),yt(this,Na),yt(this,pn),yt(this,xi),yt(this,mn),yt(this,ei,void 0),yt(this,Be,null),yt(this,vn,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!il.includes(n)){this.removeEventListener("keyup",Re(this,Be));return}this.addEventListener("keyup",Re(this,Be))}),Ua(this,ei,this.shadowRoot.querySelector("slot")),Re(this,ei).innerHTML=`${Oa(this)}`}static get observedAttributes(){return[...super.observedAttributes,...el,"disabled"]}connectedCallback(){let{style:e}=N(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",y("playback time")),at(this,xi,hn).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),at(this,pn,Ha).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,r){vc(this),el.includes(e)?this.update():e==="disabled"&&r!==i?r==null?at(this,xi,hn).call(this):at(this,mn,xa).call(this):e===nt.NO_TOGGLE&&r!==i&&(this.noToggle?at(this,mn,xa).call(this):at(this,xi,hn).call(this)),super.attributeChangedCallback(e,i,r)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return w(this,nt.REMAINING)}set remaining(e){L(this,nt.REMAINING,e)}get showDuration(){return w(this,nt.SHOW_DURATION)}set showDuration(e){L(this,nt.SHOW_DURATION,e)}get noToggle(){return w(this,nt.NO_TOGGLE)}set noToggle(e){L(this,nt.NO_TOGGLE,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){K(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){K(this,s.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}update(){let e=Oa(this);pc(this),e!==Re(this,ei).innerHTML&&(Re(this,ei).innerHTML=e)}};ei=new WeakMap;Be=new WeakMap;vn=new WeakMap;Na=new WeakSet;tl=function(){Re(this,Be)||(Ua(this,Be,t=>{let{key:e}=t;if(!il.includes(e)){this.removeEventListener("keyup",Re(this,Be));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",Re(this,vn)),this.addEventListener("click",this.toggleTimeDisplay))};pn=new WeakSet;Ha=function(){Re(this,Be)&&(this.removeEventListener("keyup",Re(this,Be)),this.removeEventListener("keydown",Re(this,vn)),this.removeEventListener("click",this.toggleTimeDisplay),Ua(this,Be,null))};xi=new WeakSet;hn=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),at(this,Na,tl).call(this))};mn=new WeakSet;xa=function(){this.removeAttribute("role"),this.disable(),at(this,pn,Ha).call(this)};fn.getSlotTemplateHTML=fc;d.customElements.get("media-time-display")||d.customElements.define("media-time-display",fn);var ti={SEEK_OFFSET:"seekoffset"},$a=30,Ec=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function gc(t,e){return`
    <slot name="icon">${Ec(e.seekOffset)}</slot>
  `}var bc=(t,e)=>{t.setAttribute("aria-label",y("seek back {seekOffset} seconds",{seekOffset:e}))};function _c(){return y("Seek backward")}var Ac=0,Oi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ti.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ti.SEEK_OFFSET,$a)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),bc(this,this.seekOffset),e===ti.SEEK_OFFSET&&(this.seekOffset=$(this,ti.SEEK_OFFSET,$a))}get seekOffset(){return $(this,ti.SEEK_OFFSET,$a)}set seekOffset(e){K(this,ti.SEEK_OFFSET,e),this.setAttribute("aria-label",y("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),or(sr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,Ac)}set mediaCurrentTime(e){K(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Oi.getSlotTemplateHTML=gc;Oi.getTooltipContentHTML=_c;d.customElements.get("media-seek-backward-button")||d.customElements.define("media-seek-backward-button",Oi);var ii={SEEK_OFFSET:"seekoffset"},Fa=30,Tc=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function yc(t,e){return`
    <slot name="icon">${Tc(e.seekOffset)}</slot>
  `}var Sc=(t,e)=>{t.setAttribute("aria-label",y("seek forward {seekOffset} seconds",{seekOffset:e}))};function kc(){return y("Seek forward")}var Ic=0,Pi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ii.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ii.SEEK_OFFSET,Fa)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),Sc(this,this.seekOffset),e===ii.SEEK_OFFSET&&(this.seekOffset=$(this,ii.SEEK_OFFSET,Fa))}get seekOffset(){return $(this,ii.SEEK_OFFSET,Fa)}set seekOffset(e){K(this,ii.SEEK_OFFSET,e),this.setAttribute("aria-label",y("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),or(sr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,Ic)}set mediaCurrentTime(e){K(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Pi.getSlotTemplateHTML=yc;Pi.getTooltipContentHTML=kc;d.customElements.get("media-seek-forward-button")||d.customElements.define("media-seek-forward-button",Pi);var wc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,Lc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function Mc(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${wc}</slot>
      <slot name="off">${Lc}</slot>
    </slot>
  `}function Rc(){return`
    <slot name="tooltip-enable">${y("Enable captions")}</slot>
    <slot name="tooltip-disable">${y("Disable captions")}</slot>
  `}var rl=t=>{t.setAttribute("aria-checked",os(t).toString())},Ui=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_SUBTITLES_LIST,s.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",y("closed captions")),rl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_SUBTITLES_SHOWING&&rl(this)}get mediaSubtitlesList(){return nl(this,s.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){al(this,s.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return nl(this,s.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){al(this,s.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new d.CustomEvent(b.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};Ui.getSlotTemplateHTML=Mc;Ui.getTooltipContentHTML=Rc;var nl=(t,e)=>{let i=t.getAttribute(e);return i?Zn(i):[]},al=(t,e,i)=>{if(!i?.length){t.removeAttribute(e);return}let r=vi(i);t.getAttribute(e)!==r&&t.setAttribute(e,r)};d.customElements.get("media-captions-button")||d.customElements.define("media-captions-button",Ui);var ol=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function Dc(t){return`
    <style>
      :host([${s.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${ol}</slot>
      <slot name="exit">${ol}</slot>
    </slot>
  `}function Cc(){return`
    <slot name="tooltip-enter">${y("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${y("Exit picture in picture mode")}</slot>
  `}var sl=t=>{let e=t.mediaIsPip?y("exit picture in picture mode"):y("enter picture in picture mode");t.setAttribute("aria-label",e)},Ni=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_PIP,s.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),sl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_PIP&&sl(this)}get mediaPipUnavailable(){return O(this,s.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){x(this,s.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return w(this,s.MEDIA_IS_PIP)}set mediaIsPip(e){L(this,s.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?b.MEDIA_EXIT_PIP_REQUEST:b.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Ni.getSlotTemplateHTML=Dc;Ni.getTooltipContentHTML=Cc;d.customElements.get("media-pip-button")||d.customElements.define("media-pip-button",Ni);var ll=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function xc(t){return`
    <style>
      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${ll}</slot>
      <slot name="exit">${ll}</slot>
    </slot>
  `}function Oc(){return`
    <slot name="tooltip-enter">${y("start airplay")}</slot>
    <slot name="tooltip-exit">${y("stop airplay")}</slot>
  `}var dl=t=>{let e=t.mediaIsAirplaying?y("stop airplay"):y("start airplay");t.setAttribute("aria-label",e)},Hi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_AIRPLAYING,s.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),dl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_AIRPLAYING&&dl(this)}get mediaIsAirplaying(){return w(this,s.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(e){L(this,s.MEDIA_IS_AIRPLAYING,e)}get mediaAirplayUnavailable(){return O(this,s.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(e){x(this,s.MEDIA_AIRPLAY_UNAVAILABLE,e)}handleClick(){let e=new d.CustomEvent(b.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(e)}};Hi.getSlotTemplateHTML=xc;Hi.getTooltipContentHTML=Oc;d.customElements.get("media-airplay-button")||d.customElements.define("media-airplay-button",Hi);var Pc='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',Uc='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function Nc(t){return`
    <style>
      :host([${s.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Pc}</slot>
      <slot name="exit">${Uc}</slot>
    </slot>
  `}function Hc(){return`
    <slot name="tooltip-enter">${y("Start casting")}</slot>
    <slot name="tooltip-exit">${y("Stop casting")}</slot>
  `}var cl=t=>{let e=t.mediaIsCasting?y("stop casting"):y("start casting");t.setAttribute("aria-label",e)},$i=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_CASTING,s.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),cl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_CASTING&&cl(this)}get mediaIsCasting(){return w(this,s.MEDIA_IS_CASTING)}set mediaIsCasting(e){L(this,s.MEDIA_IS_CASTING,e)}get mediaCastUnavailable(){return O(this,s.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(e){x(this,s.MEDIA_CAST_UNAVAILABLE,e)}handleClick(){let e=this.mediaIsCasting?b.MEDIA_EXIT_CAST_REQUEST:b.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};$i.getSlotTemplateHTML=Nc;$i.getTooltipContentHTML=Hc;d.customElements.get("media-cast-button")||d.customElements.define("media-cast-button",$i);var hl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},$c=(t,e,i)=>(hl(t,e,"read from private field"),i?i.call(t):e.get(t)),Fc=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Bc=(t,e,i,r)=>(hl(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),En,Wc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Vc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Kc(t){return`
    <style>
      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Wc}</slot>
      <slot name="exit">${Vc}</slot>
    </slot>
  `}function Gc(){return`
    <slot name="tooltip-enter">${y("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${y("Exit fullscreen mode")}</slot>
  `}var ul=t=>{let e=t.mediaIsFullscreen?y("exit fullscreen mode"):y("enter fullscreen mode");t.setAttribute("aria-label",e)},Fi=class extends F{constructor(){super(...arguments),Fc(this,En,null)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_FULLSCREEN,s.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),ul(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_FULLSCREEN&&ul(this)}get mediaFullscreenUnavailable(){return O(this,s.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){x(this,s.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return w(this,s.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){L(this,s.MEDIA_IS_FULLSCREEN,e)}handleClick(e){Bc(this,En,e);let i=$c(this,En)instanceof PointerEvent,r=this.mediaIsFullscreen?new d.CustomEvent(b.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new d.CustomEvent(b.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(r)}};En=new WeakMap;Fi.getSlotTemplateHTML=Kc;Fi.getTooltipContentHTML=Gc;d.customElements.get("media-fullscreen-button")||d.customElements.define("media-fullscreen-button",Fi);var pl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Bi=(t,e,i)=>(pl(t,e,"read from private field"),i?i.call(t):e.get(t)),ml=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Wi=(t,e,i,r)=>(pl(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),We,bn,gn={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},fl=500,qc=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function zc(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${fl}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${qc}</slot>
    <div id="status" role="status" aria-live="polite">${y("media loading")}</div>
  `}var Vi=class extends d.HTMLElement{constructor(){if(super(),ml(this,We,void 0),ml(this,bn,fl),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PAUSED,s.MEDIA_LOADING,gn.LOADING_DELAY]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===gn.LOADING_DELAY&&i!==r?this.loadingDelay=Number(r):e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Bi(this,We))==null?void 0:n.unassociateElement)==null||a.call(n,this),Wi(this,We,null)),r&&this.isConnected&&(Wi(this,We,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Bi(this,We))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(Wi(this,We,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Bi(this,We))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Bi(this,We))==null?void 0:e.unassociateElement)==null||i.call(e,this),Wi(this,We,null)}get loadingDelay(){return Bi(this,bn)}set loadingDelay(e){Wi(this,bn,e);let{style:i}=N(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return w(this,s.MEDIA_PAUSED)}set mediaPaused(e){L(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return w(this,s.MEDIA_LOADING)}set mediaLoading(e){L(this,s.MEDIA_LOADING,e)}get mediaController(){return O(this,R.MEDIA_CONTROLLER)}set mediaController(e){x(this,R.MEDIA_CONTROLLER,e)}get noAutohide(){return w(this,gn.NO_AUTOHIDE)}set noAutohide(e){L(this,gn.NO_AUTOHIDE,e)}};We=new WeakMap;bn=new WeakMap;Vi.shadowRootOptions={mode:"open"};Vi.getTemplateHTML=zc;d.customElements.get("media-loading-indicator")||d.customElements.define("media-loading-indicator",Vi);var _n=class{constructor(e){this.options=e;this.video=e.video??u("video"),this.video.setAttribute("slot","media"),this.video.removeAttribute("controls"),this.video.playsInline=!0,e.crossOrigin&&(this.video.crossOrigin="anonymous"),this.element=Yc(this.video,e.media),this.video.addEventListener("error",()=>this.failed()),this.video.addEventListener("ended",()=>e.ended?.()),this.video.addEventListener("volumechange",()=>oi({volume:this.video.volume})),this.video.addEventListener("ratechange",()=>oi({rate:this.video.playbackRate})),this.video.addEventListener("loadedmetadata",()=>{this.video.playbackRate=lt().rate??1}),this.video.volume=lt().volume??1,this.video.textTracks.addEventListener("change",()=>e.tracks?.())}options;video;element;subtitles=[];repairing=null;aborted=new AbortController;tried=!1;delay=0;async start(){let{url:e,type:i,from:r}=this.options,{way:n,why:a}=await go(e,i,this.aborted.signal);if(!this.aborted.signal.aborted){if(n==="none"){this.say(a??"","error"),this.video.removeAttribute("src");return}if(n==="repair"){await this.repair(r??0);return}this.video.src!==new URL(e,location.href).href&&(this.video.src=e),r&&this.seekFirst(r),this.watchSound(),this.video.addEventListener("loadedmetadata",()=>{i.startsWith("video/")&&this.video.videoWidth===0&&!this.tried&&this.say(Eo,"error")}),await this.play()}}seekFirst(e){let i=()=>{this.video.currentTime=e};this.video.readyState>0?i():this.video.addEventListener("loadedmetadata",i,{once:!0})}async play(){try{await this.video.play()}catch(e){if(!(e instanceof DOMException)||e.name!=="NotAllowedError")return;this.video.muted=!0;try{await this.video.play(),this.say("The browser started it without sound. A click on the loudspeaker turns it on.","note"),this.video.addEventListener("volumechange",()=>this.say("",""),{once:!0})}catch{}}}watchSound(){let e=this.video,i=()=>{if(e.currentTime-(this.options.from??0)<1||e.seeking)return;e.removeEventListener("timeupdate",i),(e.webkitAudioDecodedByteCount===0||e.mozHasAudio===!1)&&/mp4|quicktime|matroska/.test(this.options.type)&&this.repairSound()};e.addEventListener("timeupdate",i)}async repairSound(){if(this.tried)return;let{probe:e}=await import("./repair-7ZXVCUL7.js"),i=await e(this.options.url).catch(()=>null);i&&i.sounds.length>0&&!this.aborted.signal.aborted&&await this.repair(this.video.currentTime)}failed(){let{error:e}=this.video;if(!(!this.video.getAttribute("src")||this.tried&&!this.repairing)){if(this.repairing){this.repairing&&e&&this.say(Sn(e,this.options.type),"error");return}if(!this.tried&&e?.code!==MediaError.MEDIA_ERR_NETWORK&&/mp4|matroska|mp2t|quicktime|webm|audio/.test(this.options.type)){this.repair(this.options.from??0);return}this.explain(e)}}async explain(e){let i=Sn(e,this.options.type);try{let r=await fetch(this.options.url,{headers:{Range:"bytes=0-0",Accept:"application/problem+json"},signal:this.aborted.signal});r.ok?r.body?.cancel():i=(await r.json()).detail}catch{}this.say(i,"error")}async repair(e){if(!this.tried){this.tried=!0,this.say("This browser needs help with the file: preparing…","note");try{let{Repair:i}=await import("./repair-7ZXVCUL7.js");if(this.repairing=await i.open(this.options.url,this.options.type.startsWith("video/"),this.video,r=>this.say(r,"error")),this.aborted.signal.aborted){this.repairing.close();return}await this.repairing.start(e),this.say(this.repairing.note,this.repairing.note?"error":""),this.options.tracks?.(),await this.play()}catch(i){this.repairing?.close(),this.video.removeAttribute("src"),this.say(i instanceof Error?i.message:String(i),"error")}}}say(e,i){this.options.said?.(e,i)}sounds(){return this.repairing?.sounds??[]}async chooseSound(e){await this.repairing?.choose(e)}addSubtitle(e){let i=u("track",{kind:"subtitles",label:e.label,srclang:e.language||"und",src:e.url});this.video.append(i);let r={label:e.label,language:e.language,track:i.track,element:i,shift:0};i.addEventListener("load",()=>{r.shift=0,this.shift()}),i.addEventListener("error",()=>{i.track.mode==="showing"&&this.say(`The subtitles "${e.label}" cannot be read.`,"note")}),this.subtitles.push(r),this.options.tracks?.()}addCues(e,i,r){let n=this.video.addTextTrack("subtitles",e,i||"und");for(let o of r)n.addCue(new VTTCue(o.start,o.end,o.text));let a={label:e,language:i,track:n,shift:0};return this.subtitles.push(a),this.options.tracks?.(),a}show(e){for(let i of this.subtitles)i.track.mode=i===e?"showing":"disabled";this.shift(),this.options.tracks?.()}showing(){return this.subtitles.find(e=>e.track.mode==="showing")??null}shift(e=this.delay){this.delay=e;let i=this.showing();if(!i?.track.cues)return;let r=e-i.shift;if(r!==0){i.shift=e;for(let n of[...i.track.cues])n.startTime+=r,n.endTime+=r}}close(){this.aborted.abort(),this.repairing?.close(),this.video.removeAttribute("src"),this.video.load()}};function Yc(t,e){let i=e==="video";return requestAnimationFrame(()=>{t.parentElement?.querySelector("media-captions-button")?.setAttribute("role","switch"),t.parentElement?.querySelector("media-time-display")?.setAttribute("role","timer")}),u("media-controller",{class:"player",audio:!i,"keyboard-forward-seek-offset":"10","keyboard-backward-seek-offset":"10"},t,i&&u("media-loading-indicator",{slot:"centered-chrome",noautohide:!0}),u("media-control-bar",null,u("media-play-button"),u("media-seek-backward-button",{seekoffset:"10"}),u("media-seek-forward-button",{seekoffset:"10"}),u("media-time-range"),u("media-time-display",{showduration:!0,notoggle:!0}),u("media-mute-button"),u("media-volume-range"),i&&u("media-captions-button"),i&&u("media-airplay-button"),i&&u("media-cast-button"),i&&u("media-pip-button"),i&&u("media-fullscreen-button")))}function vl(t){let e=navigator.userAgent,i=[],r=encodeURIComponent(t);if(/Android/.test(e)){let{protocol:n,host:a,pathname:o,search:l}=new URL(t);return i.push({label:"Open in a player app",href:`intent://${a}${o}${l}#Intent;action=android.intent.action.VIEW;scheme=${n.slice(0,-1)};type=video/*;end`}),i}return/iPhone|iPad/.test(e)?(i.push({label:"Open in VLC",href:`vlc-x-callback://x-callback-url/stream?url=${r}`}),i.push({label:"Open in Infuse",href:`infuse://x-callback-url/play?url=${r}`}),i):(i.push({label:"Open in VLC",href:`vlc://${t}`}),i.push({label:"Open in mpv",href:`mpv://play/${btoa(t).replace(/\+/g,"-").replace(/\//g,"_").replace(/=+$/,"")}`}),/Mac OS X/.test(e)&&i.push({label:"Open in IINA",href:`iina://weblink?url=${r}`}),/Windows/.test(e)&&i.push({label:"Open in PotPlayer",href:`potplayer://${t}`}),i)}var Ba={english:"en",eng:"en",german:"de",deutsch:"de",ger:"de",deu:"de",french:"fr",francais:"fr",fre:"fr",fra:"fr",spanish:"es",espanol:"es",spa:"es",italian:"it",ita:"it",portuguese:"pt",por:"pt",brazilian:"pt-BR",pob:"pt-BR",russian:"ru",rus:"ru",japanese:"ja",jpn:"ja",chinese:"zh",chi:"zh",zho:"zh",chs:"zh-Hans",cht:"zh-Hant",korean:"ko",kor:"ko",arabic:"ar",ara:"ar",dutch:"nl",dut:"nl",nld:"nl",polish:"pl",pol:"pl",czech:"cs",cze:"cs",ces:"cs",slovak:"sk",slo:"sk",slk:"sk",hungarian:"hu",hun:"hu",romanian:"ro",rum:"ro",ron:"ro",turkish:"tr",tur:"tr",greek:"el",gre:"el",ell:"el",hebrew:"he",heb:"he",swedish:"sv",swe:"sv",norwegian:"no",nor:"no",danish:"da",dan:"da",finnish:"fi",fin:"fi",ukrainian:"uk",ukr:"uk",bulgarian:"bg",bul:"bg",croatian:"hr",hrv:"hr",serbian:"sr",srp:"sr",slovenian:"sl",slv:"sl",vietnamese:"vi",vie:"vi",thai:"th",tha:"th",indonesian:"id",ind:"id",hindi:"hi",hin:"hi",persian:"fa",farsi:"fa",per:"fa",fas:"fa",catalan:"ca",cat:"ca",estonian:"et",est:"et",latvian:"lv",lav:"lv",lithuanian:"lt",lit:"lt",malay:"ms",may:"ms"},El=new Set([...Object.values(Ba).map(t=>t.slice(0,2)),"nb","nn","is","ga","cy","eu","gl","mk","sq","bs","ta","te","bn","ur","sw"]);function Qc(t){let e=t.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);for(let i=e.length-1;i>=0;i--){let r=e[i],n=e[i-1];if(Ba[r])return Ba[r];if(r.length===2&&n&&n.length===2&&El.has(n))return`${n}-${r.toUpperCase()}`;if(El.has(r))return r}return""}function Wa(t){try{return t&&t!=="und"?new Intl.DisplayNames(["en"],{type:"language"}).of(t)??t:""}catch{return t}}var gl=t=>t.replace(/\.[^.]{1,5}$/,"").toLowerCase(),bl=t=>/s(\d{1,2})\W?e(\d{1,3})|(\d{1,2})x(\d{2,3})/i.exec(t)?.slice(1).filter(Boolean).map(Number).join("x")??"",Zc=/^(subs?|subtitles?|untertitel|legendas?|sous-titres)$/i;function _l(t,e,i){let r=e.path.slice(0,-1),n=gl(X(e)),a=bl(n),o=m=>r.every((E,f)=>m.path[f]===E),l=t.filter(m=>oe(m.type)==="video"&&m.path.length===e.path.length&&o(m)).length,c=[];for(let m of t){if(oe(m.type)!=="subtitle"||!o(m))continue;let E=m.path.slice(r.length,-1),f=gl(X(m)),v=E.length>0&&E[E.length-1]?.toLowerCase()===n;if(E.length>0&&!E.every(j=>Zc.test(j)||j.toLowerCase()===n))continue;let _=f.startsWith(n)&&!/^[\p{L}\p{N}]/u.test(f.slice(n.length)),A=a!==""&&bl(f)===a;if(!_&&!v&&!A&&l>1)continue;let S=_?f.slice(n.length):f,h=Qc(S),M=/forced/.test(S),P=/sdh|hi\b|cc\b/.test(S),D=Wa(h)||S.replace(/^[\W_]+/,"").replace(/[._]+/g," ").trim()||"Subtitles";c.push({label:D+(M?" (forced)":P?" (SDH)":""),language:h,forced:M,url:i(m.href),rank:_?0:v||A?1:2})}c.sort((m,E)=>m.rank-E.rank);let g=new Map;for(let m of c){let E=(g.get(m.label)??0)+1;g.set(m.label,E),E>1&&(m.label+=` ${E}`)}return c.slice(0,32)}var Xc=4<<20,Al=5e4;async function Tl(t){if(t.size>Xc)throw new Error("This file is too large for subtitles.");let e=jc(Jc(new Uint8Array(await t.arrayBuffer())));if(!e.length)throw new Error("No subtitles can be read in this file.");return e}function Jc(t){if(t[0]===255&&t[1]===254)return new TextDecoder("utf-16le").decode(t);if(t[0]===254&&t[1]===255)return new TextDecoder("utf-16be").decode(t);try{return new TextDecoder("utf-8",{fatal:!0}).decode(t)}catch{return new TextDecoder("windows-1252").decode(t)}}function jc(t){return t=t.replace(/^\ufeff/,"").replace(/\r\n?/g,`
`),/^\[(script info|v4\+? styles|events)\]/im.test(t)?tu(t):eu(t)}var An=t=>t.trim().replace(",",".").split(":").reduce((e,i)=>e*60+Number(i),0);function eu(t){let e=[],i=t.split(`
`);for(let r=0;r<i.length&&e.length<Al;r++){let n=/^\s*([\d:.,]{4,16})\s*-->\s*([\d:.,]{4,16})/.exec(i[r]);if(!n)continue;let a=[];for(;r+1<i.length&&i[r+1].trim()!=="";)a.push(i[++r]);yl(e,An(n[1]),An(n[2]),a.join(`
`).replace(/<(?!\/?[biu]>)[^>]*>/g,"").replace(/\{\\[^}]*\}/g,""))}return e}function tu(t){let e=[],i=["layer","start","end","style","name","marginl","marginr","marginv","effect","text"];for(let r of t.split(`
`)){if(e.length===Al)break;let n=/^(Format|Dialogue):\s*(.*)$/i.exec(r);if(!n)continue;if(n[1].toLowerCase()==="format"){/start/i.test(n[2])&&(i=n[2].split(",").map(l=>l.trim().toLowerCase()));continue}let a=n[2].split(","),o=l=>a[i.indexOf(l)]??"";yl(e,An(o("start")),An(o("end")),iu(a.slice(i.length-1).join(",")))}return e.sort((r,n)=>r.start-n.start)}function iu(t){return/\{[^}]*\\p[1-9]/.test(t)?"":t.replace(/\{[^}]*\}/g,"").replace(/\\[Nn]/g,`
`).replace(/\\h/g," ").replace(/</g,"&lt;")}function yl(t,e,i,r){Number.isFinite(e)&&i>e&&r.trim()&&t.push({start:e,end:i,text:r.trim()})}function Sl(t){let e=document.querySelector("#stage"),i=document.querySelector("#below"),r=e.querySelector("video"),n=ni(H(t,t.self)),a=document.body.dataset.type??"",o=u("p",{id:"said",role:"alert"}),l=u("p",{id:"line",role:"status"}),c=Ji(),g=Lt()[t.self],m=g&&g.at>10&&!st(g)?g.at:0,E=null,f,v,_,A=nu(),S=new _n({url:n,type:a,media:t.media==="audio"?"audio":"video",from:m,video:r,said:(k,se)=>{o.textContent=k,o.className=se},ended:()=>{M(),v&&(location.href=be(t,v))},tracks:()=>A.update(S)});A.update(S),e.prepend(S.element),i.append(o,c.element,l,A.element,au(t,n)),m&&o.before(u("p",{class:"note"},`Goes on at ${qi(m)}. `,u("button",{type:"button",class:"quiet",onclick:k=>{S.video.currentTime=0,k.target.parentElement?.remove()}},"Start from the beginning"))),S.start();let{video:h}=S,M=()=>{h.duration>60&&h.currentTime>0&&To(t.self,h.currentTime,h.duration)},P=0;h.addEventListener("timeupdate",()=>{Date.now()-P>5e3&&(P=Date.now(),M())}),h.addEventListener("pause",M),addEventListener("pagehide",M);let D=!1;for(let k of["waiting","stalled","loadstart","seeking"])h.addEventListener(k,()=>{D=!0,j()});for(let k of["playing","canplay","seeked","error"])h.addEventListener(k,()=>{D=!1,j()});h.addEventListener("progress",j);function j(){let k=[];D&&h.readyState<3&&!h.error&&!h.paused&&k.push(`Waiting for ${_?Lo(_):"the file"}`);let se=ru(h);se>0&&k.push(`${qi(se)} ahead`),_?.ready&&k.push(ji(_,"of the file"));let q=k.filter(Boolean).join(" · ");l.textContent!==q&&(l.textContent=q)}Xi(t,t.self,{status:k=>{_=k,c.draw(k.map),j()},info:()=>{he()},failed:k=>{h.readyState===0&&(o.textContent=k.detail,o.className="error")},end:k=>{o.textContent=k.detail,o.className="error"}});async function he(){if(E)return;try{E=await Yi(t)}catch{return}if(f=E.files.find(q=>q.href===t.self),!f)return;if(wt({hash:t.hash,name:E.name,href:H(t,t.base,"view=1")}),t.media==="video"){for(let q of _l(E.files,f,ot=>H(t,ot,"format=vtt")))S.addSubtitle(q);A.prefer(S)}let k=Io(E.files,f),se=k.indexOf(f);if(v=k[se+1],k.length>1&&(i.append(ou(t,k[se-1],v)),i.append(t.media==="audio"?Zi(t,E,k,f):Va(t,k,f))),"mediaSession"in navigator){navigator.mediaSession.metadata=new MediaMetadata({title:X(f),album:E.name});let q=ot=>ot?()=>{location.href=be(t,ot)}:null;navigator.mediaSession.setActionHandler("previoustrack",q(k[se-1])),navigator.mediaSession.setActionHandler("nexttrack",q(v))}}addEventListener("keydown",k=>{if(!(k.target instanceof HTMLElement&&k.target.closest("input, select, textarea")||k.ctrlKey||k.metaKey||k.altKey)){if(k.key==="n"&&v&&(location.href=be(t,v)),k.key==="c"&&k.target===document.body){let q=S.subtitles[0];q&&S.show(S.showing()?null:q)}k.target===document.body&&((k.key===" "||k.key==="k")&&(k.preventDefault(),h.paused?h.play():h.pause()),(k.key==="ArrowLeft"||k.key==="j")&&(k.preventDefault(),h.currentTime-=10),(k.key==="ArrowRight"||k.key==="l")&&(k.preventDefault(),h.currentTime+=10),(k.key==="<"||k.key===">")&&(h.playbackRate=Math.min(4,Math.max(.25,h.playbackRate+(k.key===">"?.25:-.25))),A.rate(h.playbackRate)),k.key==="m"&&(h.muted=!h.muted),k.key==="f"&&(document.fullscreenElement?document.exitFullscreen():S.element.requestFullscreen()))}})}function ru(t){for(let e=0;e<t.buffered.length;e++)if(t.buffered.start(e)<=t.currentTime+.1&&t.buffered.end(e)>t.currentTime)return t.buffered.end(e)-t.currentTime;return 0}function nu(){let t=u("select",{id:"subtitles"}),e=u("select",{id:"sound"}),i=u("select",{id:"speed"},...[.5,.75,1,1.25,1.5,1.75,2].map(h=>u("option",{value:String(h),selected:h===(lt().rate??1)},`${h} ×`)));i.addEventListener("change",()=>{_&&(_.video.playbackRate=Number(i.value))});let r=u("div",{class:"field"},u("label",{for:"sound"},"Sound"),e),n=u("output",{class:"delay"},"0.0 s"),a=u("button",{type:"button","aria-label":"Subtitles earlier"},"−"),o=u("button",{type:"button","aria-label":"Subtitles later"},"+"),l=u("input",{type:"file",id:"own",accept:".srt,.vtt,.ass,.ssa",class:"hidden"}),c=u("div",{class:"field"},u("span",null,"Delay"),a,n,o),g=u("label",{for:"own",class:"button"},"Add a file…"),m=u("span",{class:"error",role:"alert"}),E=u("div",{class:"field"},u("label",{for:"subtitles"},"Subtitles"),t),f=u("div",{class:"field"},g,l);E.hidden=f.hidden=document.body.dataset.media!=="video";let v=u("div",{class:"tracks"},E,c,f,r,u("div",{class:"field"},u("label",{for:"speed"},"Speed"),i),m),_=null;r.hidden=c.hidden=!0;let A=async h=>{let M=h?.[0];if(!(!M||!_)){m.textContent="";try{_.show(_.addCues(M.name,"",await Tl(M)))}catch(P){m.textContent=`${M.name}: ${P instanceof Error?P.message:String(P)}`}}},S=h=>{_&&(_.shift(Math.round((_.delay+h)*10)/10),n.textContent=`${_.delay.toFixed(1)} s`)};return a.addEventListener("click",()=>S(-.5)),o.addEventListener("click",()=>S(.5)),l.addEventListener("change",()=>{A(l.files)}),addEventListener("dragover",h=>h.preventDefault()),addEventListener("drop",h=>{h.preventDefault(),A(h.dataTransfer?.files)}),t.addEventListener("change",()=>{let h=_?.subtitles[Number(t.value)]??null;_?.show(h),oi({subtitles:h?h.language||h.label:""})}),e.addEventListener("change",()=>{_?.chooseSound(Number(e.value))}),{element:v,prefer(h){let M=lt().subtitles;M&&h.show(h.subtitles.find(P=>P.language===M||P.label===M)??null)},rate(h){i.value=String(h)},update(h){_=h;let M=h.showing();t.replaceChildren(u("option",{value:"-1"},h.subtitles.length?"Off":"None found"),...h.subtitles.map((D,j)=>u("option",{value:String(j),selected:D===M},D.label))),c.hidden=!M;let P=h.sounds();r.hidden=P.length<2,e.replaceChildren(...P.map(D=>u("option",{value:String(D.id),selected:D.chosen},[Wa(D.language)||D.name||`Track ${D.id}`,D.codec.toUpperCase()].join(" · "))))}}}function au(t,e){let i=ni(H(t,t.self.slice(0,t.self.lastIndexOf("/")+1),"format=m3u8")),r=u("button",{type:"button",onclick:n=>{It(e,n.currentTarget)}},"Copy link");return u("div",{class:"actions"},r,...vl(e).map(n=>u("a",{class:"button",href:n.href},n.label)),u("a",{class:"button",href:i},"Playlist (m3u8)"),u("a",{class:"button",href:H(t,t.self,"download=1")},"Download"))}function ou(t,e,i){let r=(n,a)=>n&&u("a",{class:"button",href:be(t,n),title:X(n)},a);return u("nav",{class:"neighbours","aria-label":"Previous and next"},r(e,"← Previous")??null,r(i,"Next →")??null)}function Va(t,e,i){let r=Lt();return u("section",{class:"playlist"},u("h2",null,e.length>1?"Episodes":"Film"),u("ol",null,...e.map(n=>{let a=r[n.href];return u("li",{class:st(a)?"seen":""},u("a",{href:be(t,n),"aria-current":n===i?"true":void 0},De(st(a)?ae.check:ae.play),pe(X(n)),u("small",null,st(a)?"seen":a?`left at ${qi(a.at)}`:"")))})))}var Ki=44,kl=12,su=60;function Ka(t,e,i){let r=lu(e,Math.max(1,i)),n=e.map(h=>h.path.slice(1).join("/").toLowerCase());e.length<=su&&Il(r);let a=Lt(),o=[],l="",c=u("div",{class:"viewport",tabindex:"0",role:"region","aria-label":"Files"}),g=u("ul",{class:"rows"});c.append(g);let m=u("span",{role:"status",class:"found"}),E=u("input",{type:"search",id:"filter",placeholder:"Filter",autocomplete:"off",spellcheck:"false"}),f=u("div",{class:"row"},u("h2",null,"Files"),m,u("label",{for:"filter",class:"sr"},"Filter the files"),E);E.hidden=e.length<8;function v(){let h=Math.max(0,Math.floor(c.scrollTop/Ki)-kl),M=Math.min(o.length,h+Math.ceil(c.clientHeight/Ki)+2*kl);g.style.paddingTop=`${h*Ki}px`,g.style.paddingBottom=`${(o.length-M)*Ki}px`,g.replaceChildren(...o.slice(h,M).map((P,D)=>_(P,h+D)))}function _(h,M){let P=u("li",{"aria-setsize":String(o.length),"aria-posinset":String(M+1)});if(P.style.setProperty("--depth",String(h.depth)),h.folder){let D=h.folder;P.append(u("button",{type:"button","aria-expanded":String(D.open),onclick:()=>{D.open=!D.open,S(),A(M)}},De(ae.right),De(ae.folder),u("span",{class:"name"},pe(D.name)),u("small",null,`${le(D.files,"file")}, ${qe(D.size)}`)))}else if(h.file){let D=h.file,j=l?D.path.slice(1).join(" / ")||X(D):X(D),he=st(a[D.href]);P.append(u("a",{href:be(t,D),class:he?"seen":""},De(du(oe(D.type))),u("span",{class:"name"},pe(j)),u("small",null,qe(D.size))))}return P}function A(h){g.querySelector(`[aria-posinset="${h+1}"] :is(a, button)`)?.focus()}function S(){if(o=[],l){let h=l.toLowerCase().split(/\s+/).filter(Boolean);for(let M=0;M<e.length;M++)h.every(P=>n[M].includes(P))&&o.push({depth:0,file:e[M]});m.textContent=le(o.length,"match","matches")}else wl(r,0,o),m.textContent="";c.style.height=`${Math.min(o.length*Ki+2,Math.max(320,innerHeight*.7))}px`,v()}return E.addEventListener("input",()=>{l=E.value.trim(),c.scrollTop=0,S()}),c.addEventListener("scroll",()=>requestAnimationFrame(v),{passive:!0}),addEventListener("resize",()=>requestAnimationFrame(v)),requestAnimationFrame(S),u("section",{class:"files"},f,c)}function lu(t,e){let i={name:"",size:0,files:0,folders:new Map,own:[],open:!0};for(let r of t){let n=i;n.size+=r.size,n.files++;for(let a of r.path.slice(e,-1)){let o=n.folders.get(a);o||(o={name:a,size:0,files:0,folders:new Map,own:[],open:!1},n.folders.set(a,o)),n=o,n.size+=r.size,n.files++}n.own.push(r)}return i}function Il(t){t.open=!0,t.folders.forEach(Il)}function wl(t,e,i){for(let r of t.folders.values())i.push({depth:e,folder:r}),r.open&&wl(r,e+1,i);for(let r of t.own)i.push({depth:e,file:r})}function du(t){switch(t){case"video":return ae.film;case"audio":return ae.music;case"image":return ae.picture;case"subtitle":case"text":return ae.text;default:return ae.file}}function Ll(t){let e=document.querySelector("#torrent"),i=u("p",{id:"line",role:"status"}),r=Ji(),n=Mo(),a=u("p",{role:"alert",class:"error"}),o=u("section",{class:"search"},u("h2",null,"Looking for the torrent"),a,n.element,u("p",{class:"hint"},"This page becomes the torrent’s as soon as its list of files is here. ",u("a",{href:H(t,t.base,"format=html")},"Page without scripts")));t.known||e.append(o);let l=!1;async function c(){if(l)return;l=!0;let g;try{g=await Yi(t)}catch(m){a.textContent=m instanceof Error?m.message:String(m),o.isConnected||e.append(o),l=!1;return}o.remove(),cu(t,g,e,r.element,i)}Xi(t,t.self,{status:g=>{g.ready||n.show(g),r.draw(g.map);let m=g.ready?ji(g):"";i.textContent!==m&&(i.textContent=m)},info:()=>{a.textContent="",c()},failed:g=>{a.textContent=`${g.detail}`},end:g=>{a.textContent=g.detail,o.isConnected||e.append(o)}}),t.known&&c()}function cu(t,e,i,r,n){let a=t.path,o=t.self!==t.base,l=o?e.files.filter(v=>v.href.startsWith(t.self)):e.files,c=o?a[a.length-1]:e.name;document.title=c,document.querySelector("h1").replaceChildren(pe(c)),wt({hash:t.hash,name:e.name,href:H(t,t.base,"view=1")});let g=l.reduce((v,_)=>v+_.size,0),m=ko(l);i.append(u("p",{class:"facts"},`${le(l.length,"file")} · ${qe(g)}${e.private?" · private":""}`),u("div",{class:"actions"},m?u("a",{class:"button primary",href:be(t,m)},De(ae.play),"Play"):null,l.length===1&&l[0]?u("a",{class:m?"button":"button primary",href:H(t,l[0].href,"download=1")},"Download"):u("a",{class:m?"button":"button primary",href:H(t,t.self,"format=tar")},"Download all"),hu(t,e)),r,n);let E=uu(t,e,l);if(!E){i.append(Ka(t,l,a.length));return}let f=u("details",{class:"all"},u("summary",null,`All ${le(l.length,"file")}`));f.addEventListener("toggle",()=>{f.open&&f.children.length===1&&f.append(Ka(t,l,a.length))}),i.append(E,f)}function uu(t,e,i){let r=c=>i.filter(g=>oe(g.type)===c),n=r("video").filter(c=>!Qi(c)),a=r("audio"),o=r("image"),l=Math.max(n.length,a.length,o.length);return l<2||l>500?null:n.length===l?Va(t,n):a.length===l?Zi(t,e,a):o.length>=i.length/2?wo(t,o):null}function hu(t,e){let i=t.self,r=e.files.length===1?e.files[0]:void 0,n=e.infohash??"",a=e.infohash_v2??"",l=`magnet:?${[n&&`xt=urn:btih:${n}`,!n&&a&&t.base.includes("/btmh/")&&`xt=urn:btmh:1220${mu(a)}`].filter(Boolean).join("&")}&dn=${encodeURIComponent(e.name)}${t.query?"&"+t.query.slice(1):""}`,g=`curl -C - -o '${(r?X(r):`${t.path[t.path.length-1]??e.name}.tar`).replace(/[/\\'\0-\x1f]/g,"_")}' '${ni(H(t,r?r.href:i,r?"":"format=tar"))}'`;return u("details",{class:"menu"},u("summary",{class:"button"},"More"),u("div",{class:"items"},u("a",{href:l},"Magnet link"),u("button",{type:"button",onclick:m=>{It(l,m.currentTarget)}},"Copy the magnet link"),u("a",{href:H(t,t.base,"format=torrent")},"Torrent file"),u("a",{href:H(t,i,"format=tar")},"Archive (tar)"),u("a",{href:H(t,i,"format=m3u8")},"Playlist (m3u8)"),u("button",{type:"button",onclick:m=>{It(g,m.currentTarget)}},"Copy the curl line"),u("button",{type:"button",onclick:m=>{It(n||a,m.currentTarget)}},"Copy the infohash"),u("a",{href:H(t,i,"format=html")},"Plain page")))}function mu(t){let e=0n,i=0;for(let r of t.toLowerCase()){let n="abcdefghijklmnopqrstuvwxyz234567".indexOf(r);if(n<0)return t;e=e<<5n|BigInt(n),i+=5}return(e>>BigInt(i%8)).toString(16).padStart(2*Math.floor(i/8),"0")}var Tn=bo();switch(Tn.page){case"start":So(Tn);break;case"torrent":Ll(Tn);break;case"player":Sl(Tn);break}
